import { KeyMap } from '../../kernel/key-map.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { GroupStateProgram } from '../plan/user-programs.ts';
import type { InternalRow } from '../types/data-type.ts';
import { eventTimeOf, type EventTimeOf } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { GroupState } from './group-state.ts';
import { indexOfAttribute, keyReader } from './key-values.ts';
import type { LateRowTaker } from './late-rows.ts';
import type { OperatorBatch, PhysicalOperator, RowSink } from './physical-operator.ts';
import { type RowObject, rowReader, rowWriter, schemaOf } from './row-objects.ts';
import { stateColumns, stateFields } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';
import { functionFailure } from './user-call.ts';

type GroupsPlan = Extract<ResolvedPlan, { kind: 'flatMapGroupsWithState' }>;

type Stored = readonly [state: InternalRow | null, timeoutMs: number | null];

/**
 * Calls the function of `flatMapGroupsWithState` once for each key with rows in the batch, then, without rows, for each other key whose
 * timeout has passed: event time when the watermark is greater than it, processing time when the batch began after it.
 *
 * With an event-time timeout, late rows are dropped before the function.
 *
 * State: key values -> state and timeout. Removed by the function only.
 */
export class GroupsWithState extends StatefulBase implements PhysicalOperator {
  readonly name = 'flatMapGroupsWithState';
  readonly state = this;
  readonly #program: GroupStateProgram;
  readonly #rows: StateTable<InternalRow, Stored>;
  readonly #timeouts = new ExpiryIndex<InternalRow>();
  readonly #keyOf: (row: InternalRow) => InternalRow;
  readonly #keyObject: (key: InternalRow) => RowObject;
  readonly #rowObject: (row: InternalRow) => RowObject;
  readonly #stateObject: (row: InternalRow) => RowObject;
  readonly #readState: (value: unknown) => InternalRow;
  readonly #readOutput: (value: unknown) => InternalRow;
  readonly #timeOf: EventTimeOf | undefined;
  readonly #late: LateRowTaker | undefined;
  readonly #emit: RowSink;
  readonly #groups = new KeyMap<InternalRow, RowObject[]>();

  constructor(plan: GroupsPlan, site: StatefulSite, emit: RowSink) {
    const { program, child, keys, rows } = plan;
    super(site, {
      keys: stateColumns(keys),
      values: stateFields(program.stateSchema),
      layout: { kind: 'groupState', hasTimeout: program.timeout !== 'NoTimeout', timeout: program.timeout },
    });
    this.#program = program;
    this.#emit = emit;
    this.#keyOf = keyReader(child.output, keys);
    this.#late = this.lateRows({ columns: child.output, keys, keyOf: this.#keyOf });
    this.#keyObject = rowWriter(schemaOf(keys));
    const at = rows.map((column) => indexOfAttribute(child.output, column));
    const write = rowWriter(schemaOf(rows));
    this.#rowObject = (row) => write(at.map((i) => row[i] as InternalRow[number]));
    this.#stateObject = rowWriter(program.stateSchema);
    this.#readState = rowReader(program.stateSchema, site.setup.timeZone, 'the state');
    this.#readOutput = rowReader(program.outputSchema, site.setup.timeZone, 'a row of the function');
    this.#timeOf = program.timeout === 'EventTimeTimeout' ? eventTimeOf(child.output) : undefined;
    this.#rows = this.table('state');
    this.#rows.forEach((key, [, timeoutMs]) => this.#indexTimeout(key, timeoutMs));
  }

  override begin(batch: OperatorBatch): void {
    super.begin(batch);
    this.#groups.clear();
  }

  input(): RowSink {
    return (row) => {
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
    };
  }

  finish(): void {
    if (this.isTraced) return;
    for (const [key, rows] of this.#groups) this.#call(key, rows, false);
    const threshold = this.#threshold();
    if (threshold !== undefined) {
      // Strictly before it, in whole milliseconds.
      this.#timeouts.take((threshold - 1) * 1000, (key, timeUs) => {
        if (!this.#groups.has(key) && this.#rows.get(key)?.[1] === Number(timeUs) / 1000) this.#call(key, [], true);
      });
    }
    this.#groups.clear();
  }

  /** Spark runs a batch at every trigger for processing-time timeouts; here one runs when a timeout is due. */
  protected override actsOn(watermarkHasMoved: boolean, processingTimeMs: number): boolean {
    if (this.#program.timeout === 'ProcessingTimeTimeout') return this.#timeouts.has((processingTimeMs - 1) * 1000);
    return this.#program.timeout === 'EventTimeTimeout' && watermarkHasMoved;
  }

  protected rowsTotal(): number {
    return this.#rows.size;
  }

  #threshold(): number | undefined {
    switch (this.#program.timeout) {
      case 'NoTimeout':
        return undefined;
      case 'ProcessingTimeTimeout':
        return this.batch.processingTimeMs;
      case 'EventTimeTimeout':
        return this.#watermarkMs;
      default:
        return this.#program.timeout satisfies never;
    }
  }

  get #watermarkMs(): number | undefined {
    const { watermarkUs } = this.batch;
    return watermarkUs === undefined ? undefined : Math.floor(watermarkUs / 1000);
  }

  #call(key: InternalRow, rows: readonly RowObject[], hasTimedOut: boolean): void {
    const stored = this.#rows.get(key);
    const before = stored?.[0] ?? null;
    const state = new GroupState({
      value: before === null ? undefined : this.#stateObject(before),
      hasTimedOut,
      timeout: this.#program.timeout,
      watermarkMs: this.#watermarkMs,
      processingTimeMs: this.batch.processingTimeMs,
    });
    const keyObject = this.#keyObject(key);
    const output: InternalRow[] = [];
    try {
      for (const row of this.#program.call(keyObject, rows, state)) output.push(this.#readOutput(row));
    } catch (error) {
      throw functionFailure(error, {
        name: 'The function of flatMapGroupsWithState',
        operator: this.id,
        batch: this.batch,
        key: keyObject,
      });
    }
    this.#write(key, stored, state);
    for (const row of output) this.#emit(row);
  }

  #write(key: InternalRow, stored: Stored | undefined, state: GroupState): void {
    const { value, isUpdated, isRemoved, timeoutMs } = GroupState.outcomeOf(state);
    if (isRemoved && timeoutMs === null) {
      this.evicting(() => {
        this.#rows.remove(key);
      });
      this.counts.removed++;
      return;
    }
    if (!isUpdated && !isRemoved && timeoutMs === (stored?.[1] ?? null)) return;
    const row = isUpdated ? this.#readState(value) : isRemoved ? null : (stored?.[0] ?? null);
    this.#rows.put(key, [row, timeoutMs]);
    this.#indexTimeout(key, timeoutMs);
    this.counts.updated++;
  }

  #indexTimeout(key: InternalRow, timeoutMs: number | null): void {
    if (timeoutMs !== null) this.#timeouts.add(timeoutMs * 1000, key);
  }
}
