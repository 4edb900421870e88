import { raise } from '../../kernel/errors.ts';
import type { CommitRecord, ProgramRecord, ReadonlyMapLike } from '../../store/state-store.ts';
import { type BatchEntry, historyOperator, historyTable, reachesBack, type WatermarkMove } from './batch-history.ts';
import type { OperatorRecord, QueryRecord, WatermarkRecord } from './checkpoint-match.ts';
import type { WhyTarget } from './why-target.ts';
import { describeRecord, describeWindow } from './why-text.ts';
import { windowsIn } from './why-windows.ts';

/** What an answer is drawn from: one committed moment of a query, running or not. */
export interface WhyView {
  readonly program: ProgramRecord | undefined;
  /** Retained commits, oldest first. */
  readonly commits: readonly CommitRecord[];
  /** A table as of the last commit. */
  table<K, V>(operator: string, name: string): ReadonlyMapLike<K, V>;
}

/** The record, or the silence, that moved the watermark past the end of a window. */
export interface WhyMove extends WatermarkMove {
  readonly batchId: number;
  /** Where the watermark was from then on. Milliseconds. */
  readonly watermarkMs: number;
}

/** What still has to come before a window closes. */
interface WhyWaiting {
  readonly column: string;
  /** Names of the sources that it may come from. */
  readonly sources: readonly string[];
  /** An event of this time or later. Microseconds. */
  readonly eventTimeUs: number;
}

/** One window of one step. Times in microseconds. */
export interface WindowAnswer {
  readonly operator: string;
  /** Null where groups go by the event time itself. */
  readonly startUs: number | null;
  readonly endUs: number;
  /** `open`: rows of it are taken. `due`: the watermark has reached its end, the next batch closes it. `closed`: rows of it are late. */
  readonly state: 'open' | 'due' | 'closed';
  /** Groups in state; of a closed window those that were finished. */
  readonly groups: number;
  /** When it was closed and, in append mode, its groups were given out; undefined where that is longer ago than is known. */
  readonly closedInBatch?: number;
  readonly closedBy?: WhyMove;
  /** Rows that came too late for it, by batch. */
  readonly late: readonly { readonly batchId: number; readonly rows: number }[];
  /** Of an open window: an event of each of these has to come, and one batch. */
  readonly waitsFor: readonly WhyWaiting[];
  readonly text: string;
}

export interface RecordAnswer {
  readonly partition: string;
  readonly offset: number;
  /** Whether a committed batch has read it. */
  readonly isRead: boolean;
  /** Which one, where that is still known. */
  readonly batchId?: number;
  /** What its late rows were judged by. Milliseconds. */
  readonly lateWatermarkMs?: number;
  /**
   * Rows of that batch that came too late, by step and window: none means that it was not dropped as late. Which rows they were is not
   * kept. Undefined where that is longer ago than is known, or there is no watermark.
   */
  readonly late?: readonly {
    readonly operator: string;
    /** Null where rows go by the event time itself. Microseconds. */
    readonly startUs: number | null;
    readonly endUs: number;
    readonly rows: number;
  }[];
  /** It moved the watermark to here. Milliseconds. */
  readonly movedTo?: number;
  readonly text: string;
}

/** Why there is, or is not, output for a window or a record. */
export interface WhyAnswer {
  /** Of the next batch. Milliseconds. */
  readonly watermarkMs: number;
  readonly windows: readonly WindowAnswer[];
  readonly records: readonly RecordAnswer[];
  /** Everything as lines for people. */
  readonly text: string;
}

/** What the answers of one view have in common. */
export interface WhyFacts {
  readonly query: QueryRecord;
  readonly isAppend: boolean;
  readonly watermarks: readonly WatermarkRecord[];
  /** Of the last batch that was committed, and of the next one. */
  readonly watermarkMs: number;
  readonly nextWatermarkMs: number;
  readonly nodeWatermarksMs: readonly number[];
  /** Oldest first. */
  readonly history: readonly (readonly [batchId: number, entry: BatchEntry])[];
}

/** Answers from what is durable: whether a window is open, closed, given out or its rows dropped, by which record, and what would close it. */
export function why(view: WhyView, target: WhyTarget): WhyAnswer {
  const facts = factsOf(view);
  const windows = target.kind === 'record' ? [] : windowAnswers(view, facts, target);
  const records = target.kind === 'record' ? recordAnswers(view, facts, target) : [];
  const lines = [...windows, ...records].map(({ text }) => text);
  return { watermarkMs: facts.nextWatermarkMs, windows, records, text: lines.join('\n') };
}

function factsOf({ program, commits, table }: WhyView): WhyFacts {
  const query = program?.meta?.['query'] as QueryRecord | undefined;
  if (query === undefined) return raise('WHY_NO_QUERY', { name: program?.appName ?? 'this checkpoint' });
  const meta = commits.at(-1)?.meta ?? {};
  const history = [...table<number, BatchEntry>(historyOperator, historyTable).entries()];
  return {
    query,
    isAppend: (query.mode ?? 'append') === 'append',
    watermarks: query.watermarks ?? [],
    watermarkMs: (meta['watermarkMs'] as number | undefined) ?? 0,
    nextWatermarkMs: (meta['nextWatermarkMs'] as number | undefined) ?? 0,
    nodeWatermarksMs: (meta['nodeWatermarks'] as readonly number[] | undefined) ?? [],
    history: history.toSorted(([one], [other]) => one - other),
  };
}

function windowAnswers(
  view: WhyView,
  facts: WhyFacts,
  target: Exclude<WhyTarget, { kind: 'record' }>,
): readonly WindowAnswer[] {
  const steps = facts.query.operators.filter(({ windows }) => windows !== undefined);
  if (steps.length === 0)
    raise('WHY_NO_WINDOWS', { operators: facts.query.operators.map(({ id }) => id).join(', ') || 'none' });
  return steps.flatMap((step) => {
    const known = windowsIn(view, facts, step, target);
    return known.map((window) => windowAnswer(facts, step, window));
  });
}

/** A window of a step, with what is known of it. */
export interface KnownWindow {
  readonly startUs: number | null;
  readonly endUs: number;
  /** Groups in state. */
  readonly groups: number;
}

function windowAnswer(facts: WhyFacts, { id, windows }: OperatorRecord, window: KnownWindow): WindowAnswer {
  const { startUs, endUs, groups } = window;
  const reachUs = endUs + (windows?.lagUs ?? 0);
  const isSame = ([start, end]: readonly [number | null, number, number]) => end === endUs && start === startUs;
  const closing = facts.history.find(([, entry]) => entry.closed[id]?.some(isSame) === true);
  const closed = closing?.[1].closed[id]?.find(isSame);
  const mover = facts.history.find(
    ([, { move, watermarkMs, nextWatermarkMs }]) =>
      move !== undefined && (move.isIdle ? Math.max(watermarkMs, nextWatermarkMs) : nextWatermarkMs) * 1000 >= reachUs,
  );
  const hasPassed = facts.nextWatermarkMs * 1000 >= reachUs;
  const answer: Omit<WindowAnswer, 'text'> = {
    operator: id,
    startUs,
    endUs,
    state: facts.watermarkMs * 1000 >= reachUs ? 'closed' : hasPassed ? 'due' : 'open',
    groups: closed?.[2] ?? groups,
    ...(closing === undefined ? {} : { closedInBatch: closing[0] }),
    ...(!hasPassed || mover?.[1].move === undefined
      ? {}
      : {
          closedBy: {
            ...mover[1].move,
            batchId: mover[0],
            watermarkMs: mover[1].move.isIdle
              ? Math.max(mover[1].watermarkMs, mover[1].nextWatermarkMs)
              : mover[1].nextWatermarkMs,
          },
        }),
    late: facts.history.flatMap(([batchId, { late }]) =>
      (late[id] ?? []).filter(isSame).map(([, , rows]) => ({ batchId, rows })),
    ),
    waitsFor: hasPassed
      ? []
      : facts.watermarks.flatMap(({ column, sources, delayMs }, i) =>
          (facts.nodeWatermarksMs[i] ?? 0) * 1000 >= reachUs
            ? []
            : [{ column, sources, eventTimeUs: reachUs + delayMs * 1000 }],
        ),
  };
  return { ...answer, text: describeWindow(answer, facts) };
}

function recordAnswers(
  { commits }: WhyView,
  facts: WhyFacts,
  { partition, offset }: Extract<WhyTarget, { kind: 'record' }>,
): readonly RecordAnswer[] {
  const sources = facts.query.sources
    .map((_, i) => `source-${i}`)
    .filter((name) => commits.some(({ offsets }) => offsets[name]?.[partition] !== undefined));
  if (sources.length === 0) {
    const known = Object.values(commits.at(-1)?.offsets ?? {}).flatMap((offsets) => Object.keys(offsets));
    raise('WHY_NO_PARTITION', { partition, known: [...new Set(known)].join(', ') || 'none' });
  }
  return sources.map((source) => recordAnswer(commits, facts, { source, partition, offset }));
}

function recordAnswer(
  commits: readonly CommitRecord[],
  { history, watermarks }: WhyFacts,
  { source, partition, offset }: { readonly source: string; readonly partition: string; readonly offset: number },
): RecordAnswer {
  const first = commits.findIndex(({ offsets }) => (offsets[source]?.[partition] ?? 0) > offset);
  // The first commit that is kept says only that it was read by then.
  const readBy = first > 0 || (first === 0 && commits[0]?.version === 1) ? commits[first]?.batchTime : undefined;
  const moved = history.find(([, { move }]) => move?.source === source && isAt(move.where, partition, offset));
  const batchId = moved?.[0] ?? readBy;
  const entry = moved?.[1] ?? history.find(([id]) => id === batchId)?.[1];
  const answer: Omit<RecordAnswer, 'text'> = {
    partition,
    offset,
    isRead: first >= 0,
    ...(batchId === undefined ? {} : { batchId }),
    ...(entry === undefined ? {} : { lateWatermarkMs: entry.lateWatermarkMs }),
    ...(batchId === undefined || watermarks.length === 0 || !reachesBack(history, batchId)
      ? {}
      : { late: lateIn(entry) }),
    ...(moved === undefined ? {} : { movedTo: moved[1].nextWatermarkMs }),
  };
  return { ...answer, text: describeRecord(answer) };
}

function lateIn(entry: BatchEntry | undefined): NonNullable<RecordAnswer['late']> {
  return Object.entries(entry?.late ?? {}).flatMap(([operator, windows]) =>
    windows.map(([startUs, endUs, rows]) => ({ operator, startUs, endUs, rows })),
  );
}

/** Whether a place is that of a record: topic, partition and offset, or the row of a source with one partition. */
function isAt(where: WatermarkMove['where'], partition: string, offset: number): boolean {
  if (where === undefined) return false;
  const { topic, partition: number, offset: at, row } = where;
  return topic === undefined ? row === offset : `${topic}-${number}` === partition && at === offset;
}
