import type { BatchFacts, ProgramFacts, ProgressFacts, QueryFacts, StreamFacts } from '../../monitor/facts.ts';
import { bytesText, durationText } from '../output/amounts.ts';
import { fitText } from '../output/text-width.ts';

/** What is shown of one context or query: its facts, and its last batches for the small charts. */
export type DashboardSubject =
  | { readonly kind: 'stream'; readonly facts: StreamFacts; readonly batches: readonly BatchFacts[] }
  | { readonly kind: 'query'; readonly facts: QueryFacts; readonly batches: readonly ProgressFacts[] };

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

type Style = (style: 'bold' | 'dim' | 'red' | 'green', text: string) => string;

/** How many columns the names of figures, the figures and the charts take. */
const [nameWidth, valueWidth] = [18, 16] as const;

/**
 * The lines of the dashboard: never more than the terminal has rows, none wider than it has columns. The last lines of what the program
 * printed fill what is left.
 */
export function dashboardFrame(
  program: ProgramFacts,
  subjects: readonly DashboardSubject[],
  printed: readonly string[],
  { columns, rows }: FrameSize,
  style: Style,
): readonly string[] {
  const width = Math.max(20, columns) - 1;
  const lines: string[] = [];
  const add = (text: string, kind?: Parameters<Style>[0]): void => {
    // Cut first: what a style adds takes no columns.
    const cut = fitText(plain(text), width);
    lines.push(kind === undefined ? cut : style(kind, cut));
  };
  add(
    `millrace  ${program.program}  up ${durationText(Math.floor((program.nowMs - program.startedMs) / 1000) * 1000)}  Ctrl-C ends it`,
    'bold',
  );
  if (subjects.length === 0) add('The program has not started a context or a query yet.', 'dim');
  for (const subject of subjects) {
    add('');
    add(headingOf(subject), subject.facts.state === 'failed' ? 'red' : 'bold');
    for (const { name, value, chart, isBad } of figuresOf(subject)) {
      const room = width - nameWidth - valueWidth - 4;
      const line = `  ${name.padEnd(nameWidth)}${value.padStart(valueWidth)}  ${room < 8 ? '' : sparkline(chart, Math.min(room, 60))}`;
      add(line.trimEnd(), isBad === true ? 'red' : undefined);
    }
    for (const remark of remarksOf(subject)) add(`  ${remark}`, 'dim');
  }
  const left = rows - lines.length - 2;
  if (left > 0 && printed.length > 0) {
    add('');
    for (const line of printed.slice(-left)) add(line);
  }
  return lines.slice(0, Math.max(1, rows));
}

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly chart: readonly number[];
  readonly isBad?: boolean;
}

function headingOf({ kind, facts }: DashboardSubject): string {
  if (kind === 'stream') return `${facts.appName}  batches of ${durationText(facts.intervalMs)}  ${facts.state}`;
  return `${facts.name ?? `query ${facts.id.slice(0, 8)}`}  ${facts.state}  ${facts.status}`;
}

function figuresOf(subject: DashboardSubject): readonly Figure[] {
  if (subject.kind === 'stream') return streamFigures(subject.facts, subject.batches);
  return queryFigures(subject.facts, subject.batches);
}

function streamFigures({ last, intervalMs }: StreamFacts, batches: readonly BatchFacts[]): readonly Figure[] {
  const rates = batches.map(({ records }) => (records * 1000) / intervalMs);
  const processing = last?.processingTimeMs;
  return [
    { name: 'input rate', value: `${number(rates.at(-1) ?? 0)} /s`, chart: rates },
    {
      name: 'scheduling delay',
      value: ms(last?.schedulingDelayMs),
      chart: batches.map((b) => b.schedulingDelayMs ?? 0),
    },
    {
      name: 'processing time',
      value: `${ms(processing)} of ${durationText(intervalMs)}`,
      chart: batches.map((b) => b.processingTimeMs ?? 0),
      isBad: processing !== undefined && processing > intervalMs,
    },
    { name: 'total delay', value: ms(last?.totalDelayMs), chart: batches.map((b) => b.totalDelayMs ?? 0) },
  ];
}

function queryFigures({ last }: QueryFacts, batches: readonly ProgressFacts[]): readonly Figure[] {
  return [
    {
      name: 'input rate',
      value: `${number(last?.inputPerSecond ?? 0)} /s`,
      chart: batches.map((b) => b.inputPerSecond),
    },
    {
      name: 'process rate',
      value: `${number(last?.processedPerSecond ?? 0)} /s`,
      chart: batches.map((b) => b.processedPerSecond),
    },
    { name: 'batch duration', value: ms(last?.durationMs), chart: batches.map((b) => b.durationMs) },
    ...(last?.watermarkGapMs === undefined
      ? []
      : [
          {
            name: 'watermark gap',
            value: durationText(last.watermarkGapMs),
            chart: batches.map((b) => b.watermarkGapMs ?? 0),
          },
        ]),
    ...(last === undefined || last.state.length === 0
      ? []
      : [{ name: 'state', value: `${number(rowsOf(last))} rows`, chart: batches.map(rowsOf) }]),
  ];
}

function remarksOf({ kind, facts, batches }: DashboardSubject): readonly string[] {
  const lag = facts.lag.length === 0 ? '' : `, lag ${number(facts.lag.reduce((sum, one) => sum + one.lag, 0))}`;
  const commit = facts.last?.commit === undefined ? '' : `, last commit ${bytesText(facts.last.commit.sizeBytes)}`;
  const slow = facts.last?.slow === undefined ? [] : [`why it was slow: ${facts.last.slow}`];
  const error = facts.error === undefined ? [] : [facts.error];
  if (kind === 'stream') {
    const waiting = facts.active.filter(({ status }) => status === 'waiting').length;
    const failed = facts.failedBatches === 0 ? '' : `, ${number(facts.failedBatches)} failed`;
    return [
      `${number(facts.batches)} batches${failed}, ${number(waiting)} waiting, ${number(facts.records)} records${lag}${commit}`,
      ...slow,
      ...error,
    ];
  }
  const late = batches.reduce((sum, batch) => sum + batch.state.reduce((rows, { lateRows }) => rows + lateRows, 0), 0);
  return [
    `${number(facts.batches)} batches, ${number(facts.rows)} rows, ${number(late)} late${lag}${commit}`,
    ...slow,
    ...error,
  ];
}

/** @example sparkline([0, 1, 2], 3)   // => '▁▄█' */
export function sparkline(values: readonly number[], columns: number): string {
  const last = values.slice(-columns);
  const most = Math.max(...last, 0);
  return last
    .map((value) => '▁▂▃▄▅▆▇█'[most <= 0 ? 0 : Math.max(0, Math.min(7, Math.round((value / most) * 7)))])
    .join('');
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : durationText(Math.round(value));
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Signs that move the cursor, of names and of what a program prints, must not reach the terminal. */
function plain(text: string): string {
  return text
    .replaceAll(/\u001B\[[\d;?]*[A-Za-z]/gu, '')
    .replaceAll('\t', '  ')
    .replaceAll(/[\u0000-\u001F\u007F-\u009F]/gu, '');
}

function rowsOf(batch: ProgressFacts): number {
  return batch.state.reduce((sum, { rows }) => sum + rows, 0);
}
