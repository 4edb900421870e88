import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { InternalRow, InternalValue, Long } from '../types/data-type.ts';
import { eventTimeOf, hasPassed, type EventTimeOf } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { type ChunkPlace, KeyedRows } from './keyed-rows.ts';
import type { LateRowTaker } from './late-rows.ts';
import type { OperatorBatch, PhysicalOperator, RowSink, StoredExpiry, TracedRow } from './physical-operator.ts';
import { stateColumns } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';

export type JoinPlan = Extract<ResolvedPlan, { kind: 'join' }>;
export type StreamJoinKind = Exclude<JoinPlan['how'], 'leftAnti' | 'cross'>;

/** One side of a join of two streams. */
export interface JoinSide {
  readonly columns: readonly Attribute[];
  readonly keyOf: (row: InternalRow) => InternalRow;
  /** The conditions that mention this side alone; rows that fail them match nothing. */
  readonly passes: ((row: InternalRow) => boolean) | undefined;
  /** When rows leave the state; undefined: never. */
  readonly expiry: JoinExpiry | undefined;
}

/** Rows of one side whose time is not after the watermark plus `shiftUs` can match nothing that is still to come. */
interface JoinExpiry {
  readonly timeOf: (row: InternalRow, key: InternalRow) => Long | null;
  readonly shiftUs: number;
  /** The same for readers of the checkpoint. */
  readonly stored: StoredExpiry;
}

export interface StreamJoinSpec {
  readonly how: StreamJoinKind;
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly keys: readonly Attribute[];
  /** For each key, whether nulls equal each other (`<=>`). */
  readonly nullSafe: readonly boolean[];
  /** Over the columns of the left, then of the right; what the keys do not say already. */
  readonly condition: ((row: InternalRow) => boolean) | undefined;
}

/**
 * A join of two streams. A pair comes out in the batch in which the second of its rows arrives. An outer side's row without a match
 * comes out, null padded, when the watermark proves that none can come; a left semi row once, with its first match.
 *
 * - Rows that are late on their own side are dropped before anything else.
 * - Null keys never match, unless the condition says `<=>`. Spark matches them in full outer joins; we do not.
 * - The left side's rows of a batch meet the right side's earlier ones first, then the right side's rows meet all of the left: that
 *   fixes which semi matches have to be kept.
 * - `rowsRemoved` counts as Spark does: rows of an outer side are not counted.
 *
 * State of each side: key -> rows, each marked when it has matched. A row is evicted when its side's expiry says so.
 */
export class StreamJoin extends StatefulBase implements PhysicalOperator {
  readonly name = 'symmetricHashJoin';
  readonly state = this;
  readonly #how: StreamJoinKind;
  readonly #nullSafe: readonly boolean[];
  readonly #condition: StreamJoinSpec['condition'];
  readonly #emit: RowSink;
  readonly #left: SideState;
  readonly #right: SideState;
  readonly #lateLeft: LateRowTaker | undefined;
  readonly #lateRight: LateRowTaker | undefined;
  #rightRows: InternalRow[] = [];

  constructor(spec: StreamJoinSpec, site: StatefulSite, emit: RowSink) {
    super(site, {
      keys: stateColumns(spec.keys),
      values: [...stateColumns(spec.left.columns), ...stateColumns(spec.right.columns)],
      layout: {
        kind: 'sides',
        leftColumns: spec.left.columns.length,
        how: spec.how,
        ...(spec.left.expiry === undefined ? {} : { left: spec.left.expiry.stored }),
        ...(spec.right.expiry === undefined ? {} : { right: spec.right.expiry.stored }),
      },
    });
    this.#how = spec.how;
    const { keys } = spec;
    this.#lateLeft = this.lateRows({ columns: spec.left.columns, keys, keyOf: spec.left.keyOf });
    this.#lateRight = this.lateRows({ columns: spec.right.columns, keys, keyOf: spec.right.keyOf });
    this.#nullSafe = spec.nullSafe;
    this.#condition = spec.condition;
    this.#emit = emit;
    this.#left = new SideState(
      spec.left,
      spec.how === 'left' || spec.how === 'full',
      new KeyedRows(this.table('left-keys'), this.table('left-rows')),
    );
    this.#right = new SideState(
      spec.right,
      spec.how === 'right' || spec.how === 'full',
      new KeyedRows(this.table('right-keys'), this.table('right-rows')),
    );
  }

  override begin(batch: OperatorBatch): void {
    super.begin(batch);
    this.#rightRows = [];
  }

  input(index: number): RowSink {
    if (index === 0) return (row) => this.#take(row, true);
    return (row) => {
      this.#rightRows.push(row);
    };
  }

  finish(): void {
    for (const row of this.#rightRows) this.#take(row, false);
    this.#rightRows = [];
    this.evicting(() => {
      this.#evict(this.#left, true);
      this.#evict(this.#right, false);
    });
  }

  protected override actsOn(watermarkHasMoved: boolean): boolean {
    return watermarkHasMoved && (this.#left.side.expiry !== undefined || this.#right.side.expiry !== undefined);
  }

  protected rowsTotal(): number {
    return this.#left.rows.size + this.#right.rows.size;
  }

  #take(row: InternalRow, isLeft: boolean): void {
    const own = isLeft ? this.#left : this.#right;
    if (this.isTraced) {
      this.#tell(row, own, isLeft);
      return;
    }
    if (this.dropsLate(own.timeOf?.(row))) {
      (isLeft ? this.#lateLeft : this.#lateRight)?.(row, this.batch.lateWatermarkUs);
      return;
    }
    const { side } = own;
    if (side.passes !== undefined && !side.passes(row)) {
      if (own.isPreserved) this.#givePadded(row, isLeft);
      return;
    }
    const key = side.keyOf(row);
    const canMatch = !this.#hasNull(key);
    if (!canMatch && !own.isPreserved) return;
    const hasMatched = canMatch && (isLeft ? this.#matchLeft(row, key) : this.#matchRight(row, key));
    if (isLeft && hasMatched && this.#how === 'leftSemi') return;
    // Rows of the left side are kept until the batch ends even if they leave with it: those of the right side come after them. What is
    // preserved and has matched nothing comes out when it leaves.
    const isNeeded = isLeft || (own.isPreserved && !hasMatched);
    if (!isNeeded && own.isExpired(row, key, this.batch.watermarkUs)) return;
    own.append(key, row, hasMatched);
    this.counts.updated++;
  }

  #tell(row: InternalRow, own: SideState, isLeft: boolean): void {
    const timeUs = own.timeOf?.(row) ?? null;
    const key = own.side.keyOf(row);
    const outcome: TracedRow['outcome'] = hasPassed(timeUs, this.batch.lateWatermarkUs)
      ? 'late'
      : own.side.passes?.(row) === false || this.#hasNull(key)
        ? 'unmatched'
        : 'taken';
    this.traced(outcome, key, [null, timeUs], isLeft ? 'left' : 'right');
  }

  #matchLeft(row: InternalRow, key: InternalRow): boolean {
    const isSemi = this.#how === 'leftSemi';
    let hasMatched = false;
    this.#right.rows.visit(
      key,
      (other) => {
        const pair = this.#pair(row, other);
        if (pair === undefined) return false;
        hasMatched = true;
        this.#emit(isSemi ? row : pair);
        return true;
      },
      isSemi ? () => hasMatched : undefined,
    );
    return hasMatched;
  }

  #matchRight(row: InternalRow, key: InternalRow): boolean {
    const isSemi = this.#how === 'leftSemi';
    let hasMatched = false;
    this.#left.rows.visit(key, (other, isMarked) => {
      if (isSemi && isMarked) return false;
      const pair = this.#pair(other, row);
      if (pair === undefined) return false;
      hasMatched = true;
      this.#emit(isSemi ? other : pair);
      return true;
    });
    return hasMatched;
  }

  #pair(left: InternalRow, right: InternalRow): InternalRow | undefined {
    const pair = [...left, ...right];
    return this.#condition === undefined || this.#condition(pair) ? pair : undefined;
  }

  #evict(own: SideState, isLeft: boolean): void {
    const { watermarkUs } = this.batch;
    own.evict(watermarkUs, (row, isMarked) => {
      if (own.isPreserved) {
        if (!isMarked) this.#givePadded(row, isLeft);
      } else {
        this.counts.removed++;
      }
    });
  }

  #givePadded(row: InternalRow, isLeft: boolean): void {
    const nulls = (isLeft ? this.#right : this.#left).nulls;
    this.#emit(isLeft ? [...row, ...nulls] : [...nulls, ...row]);
  }

  #hasNull(key: InternalRow): boolean {
    for (let i = 0; i < key.length; i++) if (key[i] === null && this.#nullSafe[i] !== true) return true;
    return false;
  }
}

/** The rows of one side, and when they go. */
class SideState {
  readonly side: JoinSide;
  readonly isPreserved: boolean;
  readonly rows: KeyedRows;
  readonly timeOf: EventTimeOf | undefined;
  readonly nulls: readonly InternalValue[];
  readonly #expiry = new ExpiryIndex<ChunkPlace>();

  constructor(side: JoinSide, isPreserved: boolean, rows: KeyedRows) {
    this.side = side;
    this.isPreserved = isPreserved;
    this.rows = rows;
    this.timeOf = eventTimeOf(side.columns);
    this.nulls = side.columns.map(() => null);
    if (side.expiry !== undefined) rows.forEachRow((row, place) => this.#index(row, place));
  }

  append(key: InternalRow, row: InternalRow, isMarked: boolean): void {
    const place = this.rows.append(key, row, isMarked);
    if (this.side.expiry !== undefined) this.#index(row, place);
  }

  isExpired(row: InternalRow, key: InternalRow, watermarkUs: number | undefined): boolean {
    const { expiry } = this.side;
    if (expiry === undefined || watermarkUs === undefined) return false;
    return hasPassed(expiry.timeOf(row, key), watermarkUs + expiry.shiftUs);
  }

  evict(watermarkUs: number | undefined, removed: (row: InternalRow, isMarked: boolean) => void): void {
    const { expiry } = this.side;
    if (expiry === undefined || watermarkUs === undefined) return;
    const untilUs = watermarkUs + expiry.shiftUs;
    let last: ChunkPlace | undefined;
    this.#expiry.take(untilUs, (place) => {
      // Rows of one chunk often expire together.
      if (last !== undefined && last.chunk === place.chunk && last.key === place.key) return;
      last = place;
      this.rows.removeFrom(place, (row) => hasPassed(expiry.timeOf(row, place.key), untilUs), removed);
    });
  }

  #index(row: InternalRow, place: ChunkPlace): void {
    const time = this.side.expiry?.timeOf(row, place.key);
    if (time !== null && time !== undefined) this.#expiry.add(time, place);
  }
}
