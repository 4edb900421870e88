import { batchText, bytesText, countText } from '../output/amounts.ts';
import { plainLine } from '../output/plain-text.ts';
import { wrapWords } from '../output/wrap-words.ts';
import type { BatchSummary, CheckpointSummary, OperatorSummary, PartitionRange } from './summary.ts';

export interface TextOptions {
  /** Lines are broken between words to fit; a word that is longer stays whole. */
  readonly columns: number;
  /** Marks a heading. */
  readonly heading: (text: string) => string;
}

const mostBatches = 20;

/** A checkpoint for people, with the newest batches. */
export function summaryText(summary: CheckpointSummary, { columns, heading }: TextOptions): string {
  const about = fields(
    [
      ['application', summary.appName],
      ['in use by', lockText(summary.lock)],
      ['batches', intervalText(summary)],
      ['versions', versionsText(summary.versions)],
      ['format', `${summary.format} (${summary.store}), made ${summary.created}`],
      ['on disk', summary.files.map(({ name, sizeBytes }) => `${name} ${bytesText(sizeBytes)}`).join(', ')],
    ],
    columns,
  );
  const inputs = summary.inputs.flatMap(({ id, kind, offsets }) => inputLines(named(id, kind), offsets, columns));
  const steps = summary.operators.flatMap((step) => stepLines(step, columns));
  const sections = [
    [summary.directory, about],
    ['Inputs', inputs],
    ['Steps with state', steps.length === 0 ? ['  none'] : steps],
    ['Batches', batchLines(summary, columns)],
  ] as const;
  const texts = sections.map(([title, lines]) => [heading(plainLine(title)), ...lines.map(plainLine)].join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function lockText(lock: CheckpointSummary['lock']): string {
  if (lock === null) return 'nobody';
  const { pid, host, since, status } = lock;
  const now = status === 'gone' ? 'nobody; it was left behind by' : status === 'ending' ? 'the ending' : '';
  return `${now} process ${pid} on ${host}, since ${since}`.trim();
}

function intervalText({ batchIntervalMs, lastBatchTime }: CheckpointSummary): string {
  if (batchIntervalMs === 0)
    return lastBatchTime === null ? 'by triggers' : `by triggers, the last is ${lastBatchTime}`;
  const interval = batchIntervalMs === null ? 'none yet' : `every ${batchIntervalMs} ms`;
  const last = lastBatchTime === null ? '' : `, the last at ${batchText(lastBatchTime, undefined)} (${lastBatchTime})`;
  return `${interval}${last}`;
}

function versionsText(versions: CheckpointSummary['versions']): string {
  if (versions === null) return 'none yet';
  return versions.count === 1 ? `${versions.newest}` : `${versions.oldest} to ${versions.newest} can be read`;
}

function inputLines(name: string, offsets: Readonly<Record<string, number>>, columns: number): string[] {
  const parts = Object.entries(offsets).map(([partition, offset]) => `${glue(partition)}\u00A0${offset}`);
  return [
    `  ${name}`,
    ...indented(parts.length === 0 ? 'no position yet' : `goes on at ${parts.join(', ')}`, 4, columns),
  ];
}

function stepLines(step: OperatorSummary, columns: number): string[] {
  const size = `${countText(step.rows, 'row')}, ${bytesText(step.sizeBytes)}, ${countText(step.partitions, 'partition')}`;
  const names = Math.max(0, ...step.tables.map(({ name }) => name.length));
  return [
    `  ${named(step.id, step.kind)}`,
    ...indented(size, 4, columns),
    ...step.tables.map(
      ({ name, rows, sizeBytes }) => `      ${name.padEnd(names)}  ${countText(rows, 'row')}, ${bytesText(sizeBytes)}`,
    ),
  ];
}

function batchLines({ batches, batchIntervalMs }: CheckpointSummary, columns: number): string[] {
  if (batches.length === 0) return ['  none yet'];
  const titled = (batch: BatchSummary, state: string): string[] => {
    const prefix = batchIntervalMs === 0 ? 'batch ' : '';
    return oneBatch(batch, `${prefix}${batchText(batch.batchTime, batchIntervalMs ?? undefined)}  ${state}`, columns);
  };
  const committed = batches.filter(({ state }) => state === 'committed');
  const pending = batches.filter(({ state }) => state === 'pending');
  const earlier = committed.length - mostBatches;
  const later = pending.length - mostBatches;
  return [
    ...(earlier > 0 ? [`  ${countText(earlier, 'earlier batch').replace('batchs', 'batches')}: see --json`] : []),
    ...committed.slice(-mostBatches).flatMap((batch) => titled(batch, `version ${batch.version ?? '?'}`)),
    ...pending.slice(0, mostBatches).flatMap((batch, i) => titled(batch, i === 0 ? 'pending, runs next' : 'pending')),
    ...(later > 0 ? [`  and ${later} more that are pending: see --json`] : []),
  ];
}

function oneBatch(batch: BatchSummary, title: string, columns: number): string[] {
  const again = batch.attempt > 1 ? [`attempt ${batch.attempt}`] : [];
  const records = batch.records === undefined ? [] : [countText(batch.records, 'record')];
  const read = batch.ranges.length === 0 ? [] : indented(batch.ranges.map(rangeText).join(', '), 6, columns);
  return [...indented([title, ...again, ...records].join(', '), 2, columns), ...read];
}

/** As the engine means it: from inclusive, until exclusive. */
function rangeText({ source, partition, from, until }: PartitionRange): string {
  return glue(`${source} ${partition} [${from}, ${until})`);
}

function named(id: string, kind: string): string {
  return id.split('/').at(-1)?.startsWith(kind) === true ? id : `${id} (${kind})`;
}

function fields(rows: readonly (readonly [name: string, text: string])[], columns: number): string[] {
  const names = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrapWords(text, columns - names - 4).map(unglued);
    return [`  ${name.padEnd(names)}  ${first}`, ...more.map((line) => ' '.repeat(names + 4) + line)];
  });
}

function indented(text: string, indent: number, columns: number): string[] {
  return wrapWords(text, columns - indent).map((line) => ' '.repeat(indent) + unglued(line));
}

/** What is not to be broken apart is one word until the lines are made. */
function glue(text: string): string {
  return text.replaceAll(' ', '\u00A0');
}

function unglued(line: string): string {
  return line.replaceAll('\u00A0', ' ');
}
