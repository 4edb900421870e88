import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { compare as comparePair } from '../../compare/compare.ts';
import type { Pair } from '../../compare/pair.ts';
import { ownPair, type OwnDStream, type OwnStructured } from '../../compare/own-pair.ts';
import { findPair } from '../../compare/pairs/find-pair.ts';
import { pairs } from '../../compare/pairs/index.ts';
import { delaysOf } from '../../compare/delays.ts';
import { readRecords } from '../../compare/read-records.ts';
import { compareLive } from '../../compare/live.ts';
import type { CompareRecord, RunModel } from '../../compare/run-model.ts';
import type { CompareSettings } from '../../compare/settings.ts';
import { installHost } from '../../io/host.ts';
import { messageOf, raise } from '../../kernel/errors.ts';
import { nodeHost } from '../../node/host.ts';
import { seededRandom } from '../../rdd/random.ts';
import type { CommandRequest } from '../command.ts';
import { comparePage, type OwnFiles } from '../compare/html-page.ts';
import { liveFeed } from '../compare/live-feed.ts';
import { reportJson, reportText } from '../compare/report.ts';
import { settingsOf } from '../compare/settings-flags.ts';
import { type Flags, refuse } from '../flags.ts';
import { listenForShutdown } from '../run/shutdown.ts';
import { loadProgram, locateProgram } from '../run/load-program.ts';
import { columnsOf, type Terminal } from '../output/terminal.ts';
import { listText } from '../output/two-columns.ts';

const widestLine = 110;

/** `millrace compare PAIR`: the same records through a DStream program and a structured query, and why their results differ. */
export async function compare(request: CommandRequest): Promise<number> {
  const { words, flags, terminal } = request;
  const name = words['pair'];
  const own = flags.text('dstream') !== undefined || flags.text('structured') !== undefined;
  if (name === undefined && !own) return list(terminal);
  if (name !== undefined && own) {
    raise('CLI_USAGE', { problem: 'Name a pair, or two programs of your own.', command: 'compare ' });
  }
  const expected = flags.text('expect');
  if (expected !== undefined && expected !== 'same' && expected !== 'different') {
    refuse('expect', expected, 'same or different');
  }
  installHost(nodeHost);
  const pair = own ? await loadPair(flags) : findPair(String(name));
  const settings = settingsOf(flags, pair);
  const topic = flags.text('topic');
  const given = await recordsOf(flags, settings);
  const model =
    topic === undefined ? await comparePair(pair, settings, given) : await runLive(pair, settings, topic, request);
  // What came from a topic is in the page as it came.
  const records = topic === undefined ? given : model.records;
  const path = flags.text('html');
  if (path !== undefined) await writePage(path, await comparePage(startOf(pair, settings, records), ownFiles(flags)));
  if (terminal.mode.json) terminal.event('comparison', reportJson(model));
  else terminal.result(reportText(model, widthOf(process.stdout)));
  const actual = model.verdict.isSame ? 'same' : 'different';
  if (expected !== undefined && expected !== actual) raise('COMPARE_UNEXPECTED', { actual, expected });
  return 0;
}

function startOf(
  pair: Pair,
  settings: CompareSettings,
  records: readonly CompareRecord[] | undefined,
): Parameters<typeof comparePage>[0] {
  return { pair: pair.name, settings, ...(records === undefined ? {} : { records }) };
}

function ownFiles(flags: Flags): OwnFiles | undefined {
  const [dstream, structured] = [flags.text('dstream'), flags.text('structured')];
  return dstream === undefined || structured === undefined
    ? undefined
    : { title: titleOf(dstream, structured), dstream: resolve(dstream), structured: resolve(structured) };
}

function titleOf(dstream: string, structured: string): string {
  return `${basename(dstream)} and ${basename(structured)}`;
}

async function writePage(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    raise('CLI_FILE', { action: 'write', path, problem: messageOf(error) }, { cause: error });
  }
}

/** Long lines are hard to read, but what reads a pipe wants whole ones. */
function widthOf(stream: Parameters<typeof columnsOf>[0]): number {
  return stream.isTTY === true ? Math.min(widestLine, columnsOf(stream)) : columnsOf(stream);
}

async function runLive(
  pair: Pair,
  settings: CompareSettings,
  topic: string,
  request: CommandRequest,
): Promise<RunModel> {
  if (request.flags.has('data')) {
    raise('CLI_USAGE', { problem: 'Records come from --data or from --topic.', command: 'compare ' });
  }
  // A signal ends the taking of records; the programs then go on to the end of their windows.
  installHost({ ...nodeHost, onShutdown: () => () => undefined });
  const shutdown = listenForShutdown(request.terminal, 'No more records are taken. A second signal stops at once.');
  try {
    return await compareLive(pair, settings, liveFeed(request, topic, shutdown.requested));
  } finally {
    shutdown.close();
  }
}

/** The records of `--data`; made ones without it. */
async function recordsOf(flags: Flags, settings: CompareSettings): Promise<readonly CompareRecord[] | undefined> {
  const path = flags.text('data');
  if (path === undefined) return undefined;
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    raise('CLI_FILE', { action: 'read', path, problem: messageOf(error) }, { cause: error });
  }
  return readRecords(text, delaysOf(settings, seededRandom(settings.seed)));
}

async function loadPair(flags: Flags): Promise<Pair> {
  const [dstream, structured] = (['dstream', 'structured'] as const).map((engine) => ({
    engine,
    path: flags.text(engine) ?? raise('CLI_USAGE', { problem: `--${engine} is missing.`, command: 'compare ' }),
  }));
  const programs = [];
  for (const { engine, path } of [dstream, structured].filter((one) => one !== undefined)) {
    const program = (await loadProgram(locateProgram(path)))['default'];
    if (typeof program !== 'function') {
      raise('COMPARE_PROGRAM', { engine, problem: `${path} has no function as default export` });
    }
    programs.push(program);
  }
  return ownPair(
    titleOf(dstream?.path ?? '', structured?.path ?? ''),
    programs[0] as OwnDStream,
    programs[1] as OwnStructured,
  );
}

function list(terminal: Terminal): number {
  if (terminal.mode.json) {
    for (const { name, title, summary } of pairs) terminal.event('pair', { name, title, summary });
  } else {
    terminal.result(
      listText(
        ['pair', 'what it shows'],
        pairs.map(({ name, summary }) => [name, summary]),
        columnsOf(process.stdout),
      ).trimEnd(),
    );
  }
  return 0;
}
