import { hasRecord, isRecordAt, type RecordName } from '../../io/record-place.ts';
import { failure, MillraceError, raise } from '../../kernel/errors.ts';
import type { BatchPlan } from '../../store/state-store.ts';
import { type BatchEntry, reachesBack } from './batch-history.ts';
import type { RecordAnswer } from './why-answer.ts';
import { factsOf, type WhyFacts, type WhyMoments, type WhyView } from './why-facts.ts';
import type { ReadRecord, RecordTrace } from './record-trace.ts';
import { describeRecord } from './why-record-text.ts';
import { mayBeDuplicate, recordSteps } from './why-record-steps.ts';

/** Reads a record again and runs it through the query's plan. */
export type RecordTracer = (record: ReadRecord, afterEarlier: boolean) => Promise<RecordTrace>;

interface Found {
  readonly known: Omit<RecordAnswer, 'text'>;
  /** Undefined where it cannot be read again. */
  readonly record: ReadRecord | undefined;
  readonly isBatchKnown: boolean;
}

/** What became of a record: of one in each source that has such a place. */
export async function whyRecord(
  moments: WhyMoments,
  { zone, trace }: { readonly zone: string; readonly trace: RecordTracer | undefined },
  name: RecordName,
): Promise<{ readonly watermarkMs: number; readonly records: readonly RecordAnswer[] }> {
  const { watermarkMs, found } = moments.read((view) => {
    const facts = factsOf(view, zone);
    return { watermarkMs: facts.nextWatermarkMs, found: locate(view, facts, name) };
  });
  const records: RecordAnswer[] = [];
  for (const one of found) {
    const answer = one.known.isRead ? { ...one.known, ...(await followed(moments, { zone, trace }, one)) } : one.known;
    records.push({ ...answer, text: describeRecord(answer, found.length > 1) });
  }
  return { watermarkMs, records };
}

async function followed(
  moments: WhyMoments,
  { zone, trace }: { readonly zone: string; readonly trace: RecordTracer | undefined },
  { known, record, isBatchKnown }: Found,
): Promise<Pick<RecordAnswer, 'steps' | 'outputRows' | 'endedAt' | 'missing'>> {
  const name = `${known.partition}:${known.offset}`;
  if (trace === undefined) return { missing: missing(failure('WHY_NO_PROGRAM', { record: name })) };
  if (record === undefined) return { missing: missing(failure('WHY_BATCH_FORGOTTEN', { record: name })) };
  try {
    const own = await trace(record, false);
    const isOpen = moments.read((view) => mayBeDuplicate(view, own.rows, { record, isBatchKnown }));
    // Only rows that the batch read before it can still tell.
    const earlier = isOpen ? (await trace(record, true)).rows : undefined;
    const steps = moments.read((view) =>
      recordSteps(view, factsOf(view, zone), { rows: own.rows, earlier, record, isBatchKnown }),
    );
    const isHeld = steps.some(({ outcome }) => outcome !== 'passed');
    return {
      steps,
      ...(isHeld ? {} : { outputRows: own.outputRows }),
      ...(own.endedAt === undefined ? {} : { endedAt: own.endedAt }),
    };
  } catch (error) {
    // What the plan fails with on this record is an answer, too.
    if (error instanceof MillraceError) return { missing: missing(error) };
    throw error;
  }
}

function missing({ code, message }: MillraceError): NonNullable<RecordAnswer['missing']> {
  return { code, message };
}

function locate(view: WhyView, facts: WhyFacts, name: RecordName): readonly Found[] {
  const { commits } = view;
  const found = facts.query.sources.flatMap((_, sourceIndex) => locateIn(view, facts, sourceIndex, name) ?? []);
  if (found.length > 0) return found;
  const known = Object.values(commits.at(-1)?.offsets ?? {}).flatMap((offsets) => Object.keys(offsets));
  return raise('WHY_NO_PARTITION', { partition: name.partition, known: [...new Set(known)].join(', ') || 'none' });
}

/** Undefined where the source has no such partition and no such file. */
function locateIn(view: WhyView, facts: WhyFacts, sourceIndex: number, name: RecordName): Found | undefined {
  const source = `source-${sourceIndex}`;
  const { history, watermarks, query } = facts;
  const batch = batchesOf(view, history).find(
    ({ ranges }) => ranges[source]?.some((range) => hasRecord(range, name)) === true,
  );
  const position = view.commits.at(-1)?.offsets[source]?.[name.partition];
  const memory = new Map(view.table<string, unknown>(source, 'memory').entries());
  const isFileKnown = [...memory.keys()].some((file) => isRecordAt({ file, line: name.offset }, name));
  if (batch === undefined && position === undefined && !isFileKnown) return undefined;
  const moved = history.find(([, { move }]) => move?.source === source && isRecordAt(move.where, name));
  const batchId = batch?.batchId ?? moved?.[0];
  const entry = moved?.[1] ?? history.find(([id]) => id === batchId)?.[1];
  const hasWatermark = watermarks.length > 0;
  const lateWatermarkMs = hasWatermark ? (entry?.lateWatermarkMs ?? batch?.lateWatermarkMs) : undefined;
  const knowsLate = batchId !== undefined && hasWatermark && reachesBack(history, batchId);
  const alone = { from: { [name.partition]: name.offset }, until: { [name.partition]: name.offset + 1 } };
  return {
    known: {
      source,
      partition: name.partition,
      offset: name.offset,
      isRead: batch !== undefined || isFileKnown || (position ?? 0) > name.offset,
      ...(batchId === undefined ? {} : { batchId }),
      ...(lateWatermarkMs === undefined ? {} : { lateWatermarkMs }),
      ...(knowsLate ? { late: lateIn(entry) } : {}),
      ...(moved === undefined ? {} : { movedTo: moved[1].nextWatermarkMs }),
    },
    isBatchKnown: batch !== undefined,
    record:
      batch === undefined && position === undefined
        ? undefined
        : {
            ...name,
            sourceIndex,
            ranges: query.sources.map((_, i) => {
              if (batch !== undefined) return batch.ranges[`source-${i}`]?.[0];
              return i === sourceIndex ? alone : undefined;
            }),
            lateWatermarkMs,
            timestampMs: batch?.timestampMs ?? 0,
            batchId: batchId ?? 0,
            memory,
            operators: query.operators,
          },
  };
}

interface KnownBatch {
  readonly batchId: number;
  readonly ranges: BatchPlan['ranges'];
  readonly timestampMs: number;
  readonly lateWatermarkMs: number | undefined;
}

/** Batches of which it is known what they read: those of the versions that are kept, and those in the history. */
function batchesOf({ plans }: WhyView, history: WhyFacts['history']): readonly KnownBatch[] {
  const kept = plans.map(({ batchTime: batchId, ranges, meta }): KnownBatch => {
    const { timestampMs, lateWatermarkMs } = (meta ?? {}) as Partial<KnownBatch>;
    return { batchId, ranges, timestampMs: timestampMs ?? 0, lateWatermarkMs };
  });
  const remembered = history.flatMap(([batchId, { ranges, timestampMs = 0, lateWatermarkMs }]): readonly KnownBatch[] =>
    ranges === undefined ? [] : [{ batchId, ranges, timestampMs, lateWatermarkMs }],
  );
  return [...kept, ...remembered];
}

function lateIn(entry: BatchEntry | undefined): NonNullable<RecordAnswer['late']> {
  return Object.entries(entry?.late ?? {}).flatMap(([operator, windows]) =>
    windows.map(([startUs, endUs, rows]) => ({ operator, startUs, endUs, rows })),
  );
}
