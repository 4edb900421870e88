import { KeyMap } from '../../kernel/key-map.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { eventTimeOf, type EventTimeOf } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { indexOfAttribute, keyReader } from './key-values.ts';
import type { LateRowTaker } from './late-rows.ts';
import { raiseNoInput } from './no-input.ts';
import type { OperatorBatch, PhysicalOperator, ProcessorVariable, RowSink } from './physical-operator.ts';
import { StatefulProcessorHandle } from './processor/processor-handle.ts';
import { Timers } from './processor/timers.ts';
import { type RowObject, rowReader, rowWriter, schemaOf } from './row-objects.ts';
import { stateColumns } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';
import { functionFailure } from './user-call.ts';

type TransformPlan = Extract<ResolvedPlan, { kind: 'transformWithState' }>;

/** The processor of `transformWithState`: every method but `init` and `handleInputRows` may be missing. */
export interface StatefulProcessor {
  init(handle: StatefulProcessorHandle): void;
  handleInputRows(key: RowObject, rows: Iterable<RowObject>, timerValues: TimerValues): Iterable<unknown> | undefined;
  handleExpiredTimer?(key: RowObject, timerValues: TimerValues, info: ExpiredTimerInfo): Iterable<unknown> | undefined;
  handleInitialState?(key: RowObject, row: RowObject, timerValues: TimerValues): void;
  close?(): void;
}

/** What time it is for a processor. */
export interface TimerValues {
  getCurrentProcessingTimeInMs(): number;
  getCurrentWatermarkInMs(): number;
}

/** Which timer a processor is called for. */
export interface ExpiredTimerInfo {
  getExpiryTimeInMs(): number;
}

/**
 * Runs a processor: `init` when the query starts, `handleInitialState` for each row of the initial state in the query's first batch,
 * `handleInputRows` once for each key with rows, then `handleExpiredTimer` for each timer that is due (watermark or processing time not
 * before it), oldest first, `close` at the end.
 *
 * With timeMode EventTime, late rows are dropped before the processor.
 *
 * State: that of the processor's variables, and its timers. Values with a time to live are cleaned up behind the batch in which they end.
 */
export class TransformWithState extends StatefulBase implements PhysicalOperator {
  readonly name = 'transformWithStateExec';
  readonly state = this;
  readonly #plan: TransformPlan;
  readonly #processor: StatefulProcessor;
  readonly #handle: StatefulProcessorHandle;
  readonly #timers: Timers;
  readonly #expiries = new ExpiryIndex<() => void>();
  readonly #life: StateTable<string, boolean>;
  readonly #keyOf: (row: InternalRow) => InternalRow;
  readonly #keyObject: (key: InternalRow) => RowObject;
  readonly #rowObject: (row: InternalRow) => RowObject;
  readonly #readOutput: (value: unknown) => InternalRow;
  readonly #timeOf: EventTimeOf | undefined;
  readonly #late: LateRowTaker | undefined;
  readonly #timerValues: TimerValues;
  readonly #emit: RowSink;
  readonly #groups = new KeyMap<InternalRow, RowObject[]>();
  #key: InternalRow = [];
  #isClosed = false;

  constructor(plan: TransformPlan, site: StatefulSite, emit: RowSink) {
    const { program, child, keys, rows } = plan;
    const variables: ProcessorVariable[] = [];
    super(site, {
      keys: stateColumns(keys),
      values: [],
      layout: { kind: 'processor', timeMode: program.timeMode, outputMode: program.outputMode, variables },
    });
    this.#plan = plan;
    this.#emit = emit;
    this.#keyOf = keyReader(child.output, keys);
    this.#late = this.lateRows({ columns: child.output, keys, keyOf: this.#keyOf });
    this.#keyObject = rowWriter(schemaOf(keys));
    const at = rows.map((column) => indexOfAttribute(child.output, column));
    const write = rowWriter(schemaOf(rows));
    this.#rowObject = (row) => write(at.map((i) => row[i] as InternalValue));
    this.#readOutput = rowReader(program.outputSchema, site.setup.timeZone, 'a row of the processor');
    this.#timeOf = program.timeMode === 'EventTime' ? eventTimeOf(child.output) : undefined;
    this.#timers = new Timers(this.table('timers'), this.table('timers-by-key'));
    this.#life = this.table('life');
    this.#timerValues = {
      getCurrentProcessingTimeInMs: () => this.batch.processingTimeMs,
      getCurrentWatermarkInMs: () => this.#watermarkMs ?? 0,
    };
    this.#processor = program.processor as StatefulProcessor;
    this.#handle = new StatefulProcessorHandle({
      operator: this.id,
      timeMode: program.timeMode,
      timers: this.#timers,
      timeZone: site.setup.timeZone,
      counts: this.counts,
      variables,
      expiries: this.#expiries,
      key: () => this.#key,
      now: () => this.batch.processingTimeMs,
      table: (name) => this.table(name),
    });
    // The processor belongs to the query that runs.
    this.#isClosed = this.isTraced;
    if (!this.isTraced) {
      this.#run('init', [], () => {
        this.#processor.init(this.#handle);
      });
    }
  }

  override begin(batch: OperatorBatch): void {
    super.begin(batch);
    this.#groups.clear();
  }

  input(index: number): RowSink {
    if (index === 0) return (row) => this.#take(row);
    const { initialState } = this.#plan;
    if (initialState === undefined) return raiseNoInput(this.name);
    const columns = initialState.plan.output;
    const keyOf = keyReader(columns, initialState.keys);
    const write = rowWriter(schemaOf(columns));
    return (row) => {
      if (this.isTraced || this.#life.has('initialized')) return;
      const key = keyOf(row);
      this.#run('handleInitialState', key, (keyObject) => {
        this.#processor.handleInitialState?.(keyObject, write(row), this.#timerValues);
      });
    };
  }

  finish(): void {
    if (this.isTraced) return;
    if (this.#plan.initialState !== undefined) this.#life.put('initialized', true);
    for (const [key, rows] of this.#groups) {
      this.#run('handleInputRows', key, (keyObject) =>
        this.#processor.handleInputRows(keyObject, rows, this.#timerValues),
      );
    }
    this.#groups.clear();
    this.#fireTimers();
    this.evicting(() => {
      this.#expiries.take(this.batch.processingTimeMs * 1000, (cleanUp) => {
        cleanUp();
      });
    });
  }

  /** Once, when the query stops. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#run('close', [], () => {
      this.#processor.close?.();
    });
  }

  /** Spark runs a batch at every trigger for processing-time timers; here one runs when something is due. */
  protected override actsOn(watermarkHasMoved: boolean, processingTimeMs: number): boolean {
    if (watermarkHasMoved) return true;
    if (this.#plan.program.timeMode !== 'ProcessingTime') return false;
    return this.#timers.hasDue(processingTimeMs) || this.#expiries.has(processingTimeMs * 1000);
  }

  protected rowsTotal(): number {
    return StatefulProcessorHandle.rowsOf(this.#handle);
  }

  get #watermarkMs(): number | undefined {
    const { watermarkUs } = this.batch;
    return watermarkUs === undefined ? undefined : Math.floor(watermarkUs / 1000);
  }

  #take(row: InternalRow): void {
    const timeUs = this.#timeOf?.(row) ?? null;
    if (this.dropsLate(timeUs)) {
      this.#late?.(row, this.batch.lateWatermarkUs);
      if (this.isTraced) this.traced('late', this.#keyOf(row), [null, timeUs]);
      return;
    }
    const key = this.#keyOf(row);
    if (this.isTraced) {
      this.traced('taken', key, [null, timeUs]);
      return;
    }
    const rows = this.#groups.get(key);
    if (rows === undefined) this.#groups.set(key, [this.#rowObject(row)]);
    else rows.push(this.#rowObject(row));
  }

  #fireTimers(): void {
    const { timeMode } = this.#plan.program;
    const untilMs =
      timeMode === 'EventTime'
        ? this.#watermarkMs
        : timeMode === 'ProcessingTime'
          ? this.batch.processingTimeMs
          : undefined;
    if (untilMs === undefined) return;
    for (const timer of this.#timers.due(untilMs)) {
      // An earlier call of the batch may have deleted it.
      if (!this.#timers.has(timer)) continue;
      const info: ExpiredTimerInfo = { getExpiryTimeInMs: () => timer.timeMs };
      this.#run('handleExpiredTimer', timer.key, (keyObject) =>
        this.#processor.handleExpiredTimer?.(keyObject, this.#timerValues, info),
      );
      this.#timers.delete(timer.key, timer.timeMs);
    }
  }

  /** Calls one method of the processor for a key, and passes on the rows that it gives. */
  #run(method: string, key: InternalRow, call: (key: RowObject) => Iterable<unknown> | undefined | void): void {
    this.#key = key;
    const keyObject = key.length === 0 ? {} : this.#keyObject(key);
    const output: InternalRow[] = [];
    try {
      const rows = call(keyObject);
      if (rows !== undefined) for (const row of rows) output.push(this.#readOutput(row));
    } catch (error) {
      throw functionFailure(error, {
        name: `${method} of the processor of transformWithState`,
        operator: this.id,
        batch: this.batch,
        key: keyObject,
      });
    }
    for (const row of output) this.#emit(row);
  }
}
