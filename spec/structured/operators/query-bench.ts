import type { ColumnarBlock, ColumnVector } from '../../../lib/io/columnar-block.ts';
import { ManualClock } from '../../../lib/kernel/manual-clock.ts';
import { MemoryStore } from '../../../lib/store/memory-store.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { CompiledQuery } from '../../../lib/structured/operators/compiled-query.ts';
import type { StateMetrics } from '../../../lib/structured/operators/physical-operator.ts';
import { optimize } from '../../../lib/structured/optimizer/optimize.ts';
import type { OutputMode } from '../../../lib/structured/plan/user-programs.ts';
import { compileQuery } from '../../../lib/structured/planner/compile-query.ts';
import { WatermarkTracker } from '../../../lib/structured/query/watermark-tracker.ts';
import { Session } from '../../../lib/structured/session.ts';
import { toExternal } from '../../../lib/structured/types/conversion.ts';
import type { InternalRow, InternalValue } from '../../../lib/structured/types/data-type.ts';
import { parseSchema } from '../../../lib/structured/types/ddl.ts';

/** The names that tests give to their streams; those that a bench does not have must not be used. */
type Streams = Readonly<Record<'events' | 'left' | 'right', DataFrame>>;
export type BuildQuery = (streams: Streams, spark: Session) => DataFrame;

export interface BenchOptions {
  /** Stream names to DDL. */
  readonly streams: Readonly<Record<string, string>>;
  readonly query: BuildQuery;
  readonly mode?: OutputMode;
  readonly mayGenerate?: boolean;
}

export interface BenchBatch {
  readonly output: readonly Readonly<Record<string, unknown>>[];
  readonly state: readonly StateMetrics[];
}

/** A block of rows by position, as a source without columns of its own would give it. */
function blockOf(names: readonly string[], rows: readonly InternalRow[]): ColumnarBlock {
  return {
    count: rows.length,
    sizeBytes: 0,
    forEach: () => undefined,
    columns: (wanted) => wanted.map((name) => vectorOf(rows.map((row) => row[names.indexOf(name)] ?? null))),
    whereOf: (row) => ({ topic: 't', partition: 0, offset: 100 + row }),
  };
}

/** Bytes as a source of records has them: one array for all rows. */
function vectorOf(values: readonly InternalValue[]): ColumnVector {
  if (!values.some((value) => value instanceof Uint8Array)) return { kind: 'values', values };
  const parts = values.map((value) => (value instanceof Uint8Array ? value : undefined));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  const from: number[] = [];
  const until: number[] = [];
  let at = 0;
  for (const part of parts) {
    from.push(at);
    if (part === undefined) {
      until.push(at - 1);
      continue;
    }
    bytes.set(part, at);
    at += part.length;
    until.push(at);
  }
  return { kind: 'bytes', bytes, from, until };
}

/**
 * Runs one compiled query batch by batch on a store in memory, with the watermarks that a started query would have; `restart` compiles it
 * anew on the same store.
 */
export class QueryBench {
  readonly store = new MemoryStore({ clock: new ManualClock() });
  nowMs = 0;
  readonly #options: BenchOptions;
  readonly #context = { batchTimestampUs: 0, partitionId: 0 };
  #query: CompiledQuery;
  #tracker = new WatermarkTracker('min');
  #rows: InternalRow[] = [];
  #batchId = 0;
  #lastWatermarkMs: number | undefined;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.#query = this.#compile();
  }

  get watermarkMs(): number {
    return this.#tracker.watermarkMs;
  }

  get compiled(): CompiledQuery {
    return this.#query;
  }

  /** Whether a started query would run a batch without data now. */
  get wantsBatch(): boolean {
    return this.#query.stateful.some((operator) => operator.wantsBatch(this.watermarkMs * 1000, this.nowMs));
  }

  restart(): void {
    this.#query.close();
    this.store.discard();
    this.#query = this.#compile();
  }

  /** One batch: rows by stream, by position. Commits. */
  batch(rows: Readonly<Record<string, readonly InternalRow[]>> = {}): BenchBatch {
    const query = this.#query;
    const hasWatermark = query.eventTimes().length > 0;
    const us = this.watermarkMs * 1000;
    const late = query.stateful.length > 1 ? (this.#lastWatermarkMs ?? this.watermarkMs) * 1000 : us;
    this.#context.batchTimestampUs = this.nowMs * 1000;
    this.#lastWatermarkMs = this.watermarkMs;
    this.#rows = [];
    query.begin({
      batchId: this.#batchId,
      watermarkUs: hasWatermark ? us : undefined,
      lateWatermarkUs: hasWatermark ? late : undefined,
      processingTimeMs: this.nowMs,
    });
    for (const source of query.sources) {
      const given = rows[source.format] ?? [];
      query.push(
        source.sourceId,
        blockOf(
          source.schema.fields.map((field) => field.name),
          given,
        ),
      );
    }
    query.finish();
    this.#tracker.advance(query.eventTimes());
    const state = query.stateful.map((operator) => operator.metrics());
    this.#batchId += 1;
    this.store.commit({ version: this.#batchId, batchTime: this.#batchId, offsets: {}, meta: {}, records: 0 });
    return { output: this.#external(), state };
  }

  /** A batch with data, then those without that a started query would run. */
  step(rows: Readonly<Record<string, readonly InternalRow[]>> = {}): readonly Readonly<Record<string, unknown>>[] {
    const output = [...this.batch(rows).output];
    while (this.wantsBatch) output.push(...this.batch().output);
    return output;
  }

  close(): void {
    this.#query.close();
  }

  #compile(): CompiledQuery {
    const { streams, query, mode = 'append', mayGenerate = true } = this.#options;
    const spark = new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC' } });
    const frames = Object.fromEntries(
      Object.entries(streams).map(([name, ddl]) => [
        name,
        spark.state.frame({ kind: 'read', isStreaming: true, format: name, options: {}, schema: parseSchema(ddl) }),
      ]),
    );
    const plan = optimize(query(frames as Streams, spark).resolvedPlan, { ansi: true, timeZone: 'UTC' });
    return compileQuery(
      plan,
      { store: this.store, mode, context: this.#context, ansi: true, timeZone: 'UTC', mayGenerate },
      (row) => this.#rows.push(row),
    );
  }

  #external(): readonly Readonly<Record<string, unknown>>[] {
    const { output } = this.#query;
    return this.#rows.map((row) =>
      Object.fromEntries(output.map(({ name, type }, i) => [name, plain(toExternal(type)(row[i] ?? null))])),
    );
  }
}

/** Times as milliseconds, structs as plain objects: easy to write in a table. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (typeof (value as { valueOf(): unknown }).valueOf === 'function') {
    const primitive = (value as { valueOf(): unknown }).valueOf();
    if (typeof primitive === 'number') return primitive;
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

/** Rows as texts in a fixed order: what a batch gives has no order of its own. */
export function sorted(rows: readonly unknown[]): readonly string[] {
  return rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
    .toSorted();
}

/** Seconds as the microseconds of a timestamp. */
export function at(seconds: number): number {
  return seconds * 1_000_000;
}
