import { BlockSlice } from '../../io/block-slice.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import { aroundRecord, isRecordAt, type RecordName } from '../../io/record-place.ts';
import type { SourceMemory, TableRange, TableSource } from '../../io/table-source.ts';
import type { Clock } from '../../kernel/clock.ts';
import { MillraceError, raise } from '../../kernel/errors.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { StateStore } from '../../store/state-store.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { CompiledQuery, QuerySource } from '../operators/compiled-query.ts';
import type { TracedRow } from '../operators/physical-operator.ts';
import { describePlan } from '../planner/describe-plan.ts';
import { PlanProbe } from '../planner/plan-probe.ts';
import { describeOperators, matchesOperators, type OperatorRecord } from './checkpoint-match.ts';
import type { LookAhead } from './look-ahead.ts';
import type { StaticSource } from './micro-batch-execution.ts';
import { isEmptyRange } from './source-reader.ts';

/** A record that a batch has read, and what is known of that batch. */
export interface ReadRecord extends RecordName {
  /** Which streaming source of the plan. */
  readonly sourceIndex: number;
  /** What the batch read of each source, in the order of the plan; of an unknown batch the record alone. */
  readonly ranges: readonly (TableRange | undefined)[];
  /** Undefined where the batch is not known any more, or the query has no watermark. */
  readonly lateWatermarkMs: number | undefined;
  readonly timestampMs: number;
  readonly batchId: number;
  /** What the source remembers. */
  readonly memory: ReadonlyMap<string, unknown>;
  /** The steps with state that the checkpoint knows. */
  readonly operators: readonly OperatorRecord[];
}

export interface RecordTrace {
  /** What became of it at each step with state, in the order in which it came there. */
  readonly rows: readonly TracedRow[];
  /** Rows that came out of the plan at once. */
  readonly outputRows: number;
  /** The step that it did not get through, as `explain` prints it. */
  readonly endedAt: string | undefined;
}

/** What a plan needs to be run beside its query. */
export interface TraceTools {
  readonly plan: ResolvedPlan;
  readonly clock: Clock;
  compile(
    store: StateStore,
    emit: () => void,
    options: { readonly trace: (row: TracedRow) => void; readonly probe: PlanProbe },
  ): { readonly compiled: CompiledQuery; readonly context: EvaluationContext; readonly ahead: LookAhead };
  stream(source: QuerySource, ahead: LookAhead): TableSource;
  statics(compiled: CompiledQuery, ahead: LookAhead): Promise<readonly StaticSource[]>;
}

/**
 * Reads a record again from its source and runs it through the query's own plan, on state of its own: nothing of the query is touched.
 * With `afterEarlier` the rows that its batch read before it are run through first.
 *
 * Raises `WHY_RECORD_GONE` when the source does not have it any more, and whatever the plan raises on it.
 */
export async function traceRecord(tools: TraceTools, record: ReadRecord, afterEarlier: boolean): Promise<RecordTrace> {
  const rows: TracedRow[] = [];
  let outputRows = 0;
  const store = new MemoryStore({ clock: tools.clock });
  const probe = new PlanProbe(tools.plan, { everyMs: 0, samples: 0 }, tools.clock);
  const { compiled, context, ahead } = tools.compile(store, () => outputRows++, {
    trace: (row) => rows.push(row),
    probe,
  });
  try {
    const streams = compiled.sources.filter(({ isStreaming }) => isStreaming);
    const operators = describeOperators(compiled);
    if (!matchesOperators(record.operators, operators)) {
      raise('WHY_OTHER_PROGRAM', { operators: operators.map(({ id }) => id).join(', ') || 'none' });
    }
    await ahead.begin();
    context.batchTimestampUs = record.timestampMs * 1000;
    const { lateWatermarkMs } = record;
    // The watermark itself is left out: nothing is given out or forgotten.
    const late = {
      watermarkUs: undefined,
      lateWatermarkUs: lateWatermarkMs === undefined ? undefined : lateWatermarkMs * 1000,
    };
    compiled.begin({ batchId: record.batchId, ...late, processingTimeMs: record.timestampMs });
    for (const { id, blocks } of await tools.statics(compiled, ahead))
      for (const block of blocks) compiled.push(id, block);
    if (afterEarlier) {
      for (const [i, source] of streams.slice(0, record.sourceIndex).entries()) {
        await reading(tools.stream(source, ahead), record.ranges[i], record, (block) => {
          compiled.push(source.sourceId, block);
          return false;
        });
      }
    }
    const own = streams[record.sourceIndex];
    const range = record.ranges[record.sourceIndex];
    if (own === undefined || range === undefined) return raise('WHY_RECORD_GONE', nameOf(record));
    const before = (block: ColumnarBlock, until: number): void => {
      if (afterEarlier && until > 0) compiled.push(own.sourceId, new BlockSlice(block, 0, until));
    };
    const isFound = await reading(
      tools.stream(own, ahead),
      afterEarlier ? range : aroundRecord(range, record),
      record,
      (block) => {
        const at = indexIn(block, record);
        before(block, at < 0 ? block.count : at);
        if (at < 0) return false;
        rows.length = 0;
        outputRows = 0;
        probe.begin();
        compiled.push(own.sourceId, new BlockSlice(block, at, at + 1));
        return true;
      },
    );
    if (!isFound) raise('WHY_RECORD_GONE', nameOf(record));
    compiled.finish();
    return { rows, outputRows, endedAt: endedAt(tools.plan, probe) };
  } finally {
    compiled.close();
    await store.close();
  }
}

/** Opens a source beside the query's own and reads a range, until `take` has what it wants. What it cannot give any more is gone. */
async function reading(
  source: TableSource,
  range: TableRange | undefined,
  record: ReadRecord,
  take: (block: ColumnarBlock) => boolean,
): Promise<boolean> {
  if (range === undefined || isEmptyRange(range)) return false;
  if (source.givesOnce === true) raise('WHY_RECORD_GONE', nameOf(record));
  try {
    await source.open(range.from, memoryOf(record.memory));
    for await (const block of source.read(range)) if (take(block)) return true;
    return false;
  } catch (error) {
    if (error instanceof MillraceError && goneCodes.has(error.code)) {
      raise('WHY_RECORD_GONE', nameOf(record), { cause: error });
    }
    throw error;
  } finally {
    await source.close();
  }
}

const goneCodes: ReadonlySet<string> = new Set([
  'SOURCE_DATA_LOST',
  'SOURCE_BEYOND_END',
  'SOURCE_GONE',
  'SOURCE_FILE_GONE',
  'PATH_NOT_FOUND',
]);

function nameOf({ partition, offset }: RecordName): { readonly record: string } {
  return { record: `${partition}:${offset}` };
}

function indexIn(block: ColumnarBlock, record: RecordName): number {
  for (let row = 0; row < block.count; row++) if (isRecordAt(block.whereOf(row), record)) return row;
  return -1;
}

/** What the source remembers, to read and not to keep. */
function memoryOf(known: ReadonlyMap<string, unknown>): SourceMemory {
  return {
    get: (key) => known.get(key),
    put: () => undefined,
    remove: () => undefined,
    entries: () => known,
  };
}

/** The first step without state that got rows and gave none. */
function endedAt(plan: ResolvedPlan, probe: PlanProbe): string | undefined {
  const given = new Map(probe.figures().map(({ id, rows }) => [id, rows]));
  return describePlan(plan).find(
    ({ id, inputs, keepsState, isStreaming }) =>
      isStreaming && !keepsState && given.get(id) === 0 && inputs.some((input) => (given.get(input) ?? 0) > 0),
  )?.detail;
}
