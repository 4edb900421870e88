import { installHost } from '../../io/host.ts';
import { compare } from '../compare.ts';
import { type OwnDStream, ownPair, type OwnStructured } from '../own-pair.ts';
import type { Pair } from '../pair.ts';
import { pairs } from '../pairs/index.ts';
import { settingsText, verdictText } from '../report-texts.ts';
import type { RunModel } from '../run-model.ts';
import type { ProgramTexts, Start } from '../page-start.ts';
import type { CompareSettings } from '../settings.ts';
import { browserHost } from './browser-host.ts';
import { Controls } from './controls.ts';
import { Details } from './details.ts';
import { html } from './elements.ts';
import { Figure } from './figure.ts';
import { legend } from './legend.ts';
import { ResultsTable } from './results-table.ts';
import { Scrubber } from './scrubber.ts';
import { installTurns } from './turns.ts';

/** Programs of the user, which were bundled with the page. */
export interface OwnPrograms {
  readonly title: string;
  readonly dstream: OwnDStream;
  readonly structured: OwnStructured;
}

/** Builds the page and runs the comparison; each change of a setting runs it again. */
export function startPage(own?: OwnPrograms): void {
  installTurns();
  const warnings: string[] = [];
  installHost(browserHost((text) => warnings.push(text)));
  const start = readStart();
  const known = own === undefined ? pairs : [ownPair(own.title, own.dstream, own.structured)];
  const first = known.find(({ name }) => name === start.pair) ?? known[0];
  if (first === undefined) return;

  let model: RunModel | undefined;
  let nowMs = 0;
  const verdict = html('p', { class: 'verdict', role: 'status' }, 'Running both programs …');
  const summary = html('p', { class: 'summary' });
  const problem = html('p', { class: 'problem', role: 'alert', hidden: true });
  const told = html('p', { class: 'settings-text' });
  const programs = html('div', { class: 'programs' });
  const details = new Details();
  const select = (record: number | undefined): void => {
    if (model === undefined) return;
    figure.select(record);
    table.select(model, record);
    details.draw(model, record);
  };
  const figure = new Figure(select);
  const table = new ResultsTable(select);
  const scrubber = new Scrubber((ms) => {
    nowMs = ms;
    if (model === undefined) return;
    figure.draw(model, nowMs);
    table.draw(model, nowMs);
  });

  const run = async (pair: Pair, settings: CompareSettings): Promise<void> => {
    try {
      model = await compare(pair, settings, start.records);
      problem.hidden = true;
      summary.textContent = `${pair.title}. ${pair.summary}`;
      verdict.textContent = verdictText(model);
      verdict.className = `verdict ${model.verdict.isSame ? 'is-same' : 'is-different'}`;
      told.textContent = `${settingsText(model)}.`;
      programs.replaceChildren(...programParts(start.programs[pair.name]));
      scrubber.show(model);
      select(undefined);
    } catch (error) {
      problem.hidden = false;
      problem.textContent = `These settings cannot run: ${error instanceof Error ? error.message : String(error)}`;
    }
    document.body.dataset['runs'] = String(Number(document.body.dataset['runs'] ?? 0) + 1);
  };
  const runs = latestOnly(run);
  const controls = new Controls(first, start.settings, {
    pairs: known,
    hasRecords: start.records !== undefined,
    onChange: runs,
  });

  document
    .querySelector('main')
    ?.append(
      html('header', {}, html('h1', {}, 'The same records, two engines'), summary, verdict),
      html(
        'div',
        { class: 'columns' },
        html('aside', {}, html('h2', {}, 'Settings'), controls.element, problem),
        html(
          'div',
          { class: 'stage' },
          html('h2', { class: 'unseen' }, 'Records, batches and windows'),
          figure.element,
          scrubber.element,
          details.element,
          legend(),
          told,
        ),
      ),
      html('section', {}, html('h2', {}, 'Results'), table.element),
      html('section', {}, html('h2', {}, 'The two programs'), programs),
    );
  runs(first, start.settings);
}

function programParts(texts: ProgramTexts | undefined): HTMLElement[] {
  if (texts === undefined) return [];
  return [
    html(
      'figure',
      {},
      html('figcaption', {}, 'DStream'),
      html('pre', { tabindex: 0 }, html('code', {}, texts.dstream)),
    ),
    html(
      'figure',
      {},
      html('figcaption', {}, 'Structured'),
      html('pre', { tabindex: 0 }, html('code', {}, texts.structured)),
    ),
  ];
}

function readStart(): Start {
  return JSON.parse(document.getElementById('start')?.textContent ?? '{}') as Start;
}

/** Runs one at a time, and of what is asked for meanwhile only the last. */
function latestOnly<A extends readonly unknown[]>(run: (...args: A) => Promise<void>): (...args: A) => void {
  let isRunning = false;
  let next: A | undefined;
  const go = async (): Promise<void> => {
    isRunning = true;
    for (let args = next; args !== undefined; args = next) {
      next = undefined;
      await run(...args);
    }
    isRunning = false;
  };
  return (...args) => {
    next = args;
    if (!isRunning) void go();
  };
}
