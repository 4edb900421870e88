import { act, takeToken, token } from './api.ts';
import { el, morph } from './element.ts';
import { duration } from './format.ts';
import type { ProgramFacts } from '../facts.ts';
import { Model } from './model.ts';
import { badge } from './table.ts';
import { keyOf, type Subject, type View } from './view.ts';
import { BatchesView } from './views/batches.ts';
import { InputView } from './views/input.ts';
import { OperatorsView } from './views/operators.ts';
import { steppedBatches } from './stepped-batches.ts';
import { OverviewView } from './views/overview.ts';
import { StateView } from './views/state.ts';
import { StepView } from './views/step.ts';
import { WindowsView } from './views/windows.ts';

interface Section {
  readonly name: string;
  readonly title: string;
  readonly make: () => View;
  readonly isFor?: Subject['kind'];
}

const overview: Section = { name: 'overview', title: 'Overview', make: () => new OverviewView() };

const stepping: Section = { name: 'step', title: 'Step by step', make: () => new StepView() };

const sections: readonly Section[] = [
  overview,
  { name: 'batches', title: 'Batches', make: () => new BatchesView() },
  { name: 'operators', title: 'Operators', make: () => new OperatorsView() },
  { name: 'input', title: 'Input', make: () => new InputView() },
  { name: 'state', title: 'State', make: () => new StateView() },
  { name: 'windows', title: 'Windows', make: () => new WindowsView(), isFor: 'query' },
];

const views = new Map<string, View>();
const [top, nav, main] = ['top', 'sections', 'main'].map((id) => document.getElementById(id) as HTMLElement) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
let shown: View | undefined;
/** Times are shown as the clock of who looks shows them; commands in the terminal print UTC. */
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
let isPaused = false;
let notice = '';

takeToken();
const model = new Model(soon);
model.connect();
addEventListener('hashchange', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const view of views.values()) view.recolour?.();
});
// The uptime goes on between batches.
setInterval(drawTop, 1000);

let isDue = false;

/** Drawing follows the screen, however often something changes. */
function soon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

function subjects(): readonly Subject[] {
  const { program } = model;
  if (program === undefined) return [];
  if (program.isStepping) return stepped(program);
  return [
    ...program.streams.map((facts): Subject => ({ kind: 'stream', facts, batches: model.batches.get(facts.id) ?? [] })),
    ...program.queries.map((facts): Subject => ({
      kind: 'query',
      facts,
      batches: model.progress.get(facts.runId) ?? [],
    })),
  ];
}

/** Stepping back starts the program anew: its runs are shown as one. */
function stepped({ streams, queries }: ProgramFacts): readonly Subject[] {
  const [stream, query] = [streams.at(-1), queries.at(-1)];
  if (stream !== undefined) {
    const runs = streams.map(({ id }) => model.batches.get(id) ?? []);
    return [{ kind: 'stream', facts: stream, batches: steppedBatches(runs, ({ time }) => time) }];
  }
  if (query === undefined) return [];
  const runs = queries.map(({ runId }) => model.progress.get(runId) ?? []);
  return [{ kind: 'query', facts: query, batches: steppedBatches(runs, ({ batchId }) => batchId) }];
}

function sectionsFor(subject: Subject | undefined): readonly Section[] {
  const fitting = sections.filter(({ isFor }) => isFor === undefined || isFor === subject?.kind);
  return model.program?.isStepping === true ? [stepping, ...fitting] : fitting;
}

/** What the address asks for: `#/q<run id>/state`. What is not there is the first that is. */
function chosen(all: readonly Subject[]): { readonly subject: Subject | undefined; readonly section: Section } {
  const [, key = '', name = ''] = /^#\/([^/]*)\/([a-z]*)$/u.exec(location.hash) ?? [];
  const subject =
    all.find((one) => keyOf(one) === key) ?? all.findLast(({ facts }) => facts.state === 'active') ?? all.at(-1);
  const fitting = sectionsFor(subject);
  return { subject, section: fitting.find((one) => one.name === name) ?? fitting[0] ?? overview };
}

function draw(): void {
  drawTop();
  const all = subjects();
  const { subject, section } = chosen(all);
  drawNav(all, subject, section);
  if (subject === undefined) {
    if (model.program !== undefined)
      document.getElementById('loading')?.replaceChildren('The program has not started a context or a query yet.');
    return;
  }
  // A stepped program is one to the reader, however often it began anew.
  const id = `${model.program?.isStepping === true ? '' : keyOf(subject)}/${section.name}`;
  const view = views.get(id) ?? section.make();
  views.set(id, view);
  const isOther = view !== shown;
  if (isOther) {
    shown = view;
    main.replaceChildren(view.element);
  }
  if (!isPaused || isOther) view.show(subject, model);
}

function drawTop(): void {
  const { program, connection, upMs } = model;
  const states = {
    connecting: 'connecting',
    live: 'live',
    lost: 'connection lost, trying again',
    ended: 'the program has ended',
  } as const;
  const tone = connection === 'live' ? 'good' : connection === 'ended' ? 'quiet' : 'bad';
  const up = upMs === undefined ? '' : `up ${duration(Math.floor(upMs / 1000) * 1000)}`;
  morph(
    top,
    el(
      'header',
      { id: 'top' },
      el(
        'h1',
        {},
        el('span', { class: 'brand' }, 'Millrace'),
        el('span', { class: 'program' }, program?.program ?? ''),
      ),
      el('span', { role: 'status' }, badge(states[connection], tone)),
      el('span', { class: 'quiet', id: 'up' }, up),
      el('span', { class: 'quiet', id: 'zone' }, `times in ${zone}`),
      notice === '' ? undefined : el('span', { class: 'notice', role: 'alert' }, notice),
      el('span', { class: 'grow' }),
      el(
        'button',
        { id: 'pause', 'aria-pressed': String(isPaused), onclick: togglePause },
        isPaused ? 'Go on' : 'Hold still',
      ),
      token() === undefined
        ? el(
            'span',
            {
              class: 'quiet',
              title: 'Open the address with the token that was printed at the start to stop the program from here.',
            },
            'read only',
          )
        : el(
            'button',
            { id: 'stop', class: 'danger', disabled: connection !== 'live', onclick: stop },
            'Stop the program',
          ),
    ),
  );
  const title = program === undefined ? 'Millrace' : `${program.program} – Millrace`;
  if (document.title !== title) document.title = title;
}

function drawNav(all: readonly Subject[], subject: Subject | undefined, section: Section): void {
  morph(
    nav,
    el(
      'nav',
      { id: 'sections', 'aria-label': 'Sections' },
      all.length < 2
        ? undefined
        : el(
            'div',
            { class: 'subjects' },
            ...all.map((one) => link(`${keyOf(one)}/${section.name}`, nameOf(one), one === subject)),
          ),
      subject === undefined
        ? undefined
        : el(
            'div',
            { class: 'tabs' },
            ...sectionsFor(subject).map(({ name, title }) =>
              link(`${keyOf(subject)}/${name}`, title, name === section.name),
            ),
            el(
              'span',
              { class: 'subject' },
              nameOf(subject),
              badge(
                subject.facts.state,
                subject.facts.state === 'active' ? 'good' : subject.facts.state === 'failed' ? 'bad' : 'quiet',
              ),
            ),
          ),
    ),
  );
}

function nameOf({ kind, facts }: Subject): string {
  if (kind === 'stream') return `${facts.appName} (batches of ${duration(facts.intervalMs)})`;
  return facts.name ?? `query ${facts.id.slice(0, 8)}`;
}

function togglePause(): void {
  isPaused = !isPaused;
  draw();
}

function stop(): void {
  void act('stop').then(
    () => tell('Stopping: the running batch ends first.'),
    (error: unknown) => tell(error instanceof Error ? error.message : String(error)),
  );
}

function tell(text: string): void {
  notice = text;
  drawTop();
}

function link(to: string, text: string, isCurrent: boolean): HTMLElement {
  return el('a', { href: `#/${to}`, 'aria-current': isCurrent ? 'page' : undefined }, text);
}
