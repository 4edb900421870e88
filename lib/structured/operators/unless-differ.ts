import type { InternalRow, InternalValue } from '../types/data-type.ts';
import type { JoinCondition } from '../planner/join-condition.ts';
import { StaticTable } from './static-table.ts';
import type { JoinPlan } from './stream-join.ts';

type Values = (row: InternalRow) => InternalRow;

/**
 * The right side of a `NOT IN`: finds the rows whose values are not known to differ from those of a row of the left side, where null
 * may equal anything.
 *
 * Rows without a null are found by their values, those with one are kept apart: only rows of the left side that have a null themselves
 * are compared with all of the right.
 */
export class UnlessDiffer {
  readonly #equal: StaticTable;
  readonly #withNull: StaticTable;
  readonly #all: StaticTable;
  readonly #of: { readonly leftKeys: Values; readonly leftValues: Values; readonly rightValues: Values };

  constructor(
    keys: JoinCondition['keys'],
    pairs: NonNullable<JoinPlan['nullAware']>,
    of: {
      readonly leftKeys: Values;
      readonly rightKeys: Values;
      readonly leftValues: Values;
      readonly rightValues: Values;
    },
  ) {
    const keyTypes = keys.map((key) => key.left.type);
    const isNullSafe = keys.map((key) => key.nullSafe);
    const both = (row: InternalRow): InternalRow => [...of.rightKeys(row), ...of.rightValues(row)];
    this.#equal = new StaticTable(
      [...keyTypes, ...pairs.map(([left]) => left.type)],
      [...isNullSafe, ...pairs.map(() => false)],
      both,
    );
    this.#withNull = new StaticTable(keyTypes, isNullSafe, of.rightKeys);
    this.#all = new StaticTable(keyTypes, isNullSafe, of.rightKeys);
    this.#of = of;
  }

  add(row: InternalRow): void {
    this.#all.add(row);
    if (this.#of.rightValues(row).includes(null)) this.#withNull.add(row);
    else this.#equal.add(row);
  }

  *find(row: InternalRow): Generator<InternalRow> {
    const keys = this.#of.leftKeys(row);
    const values = this.#of.leftValues(row);
    const hasNull = values.includes(null);
    if (!hasNull) yield* this.#equal.find([...keys, ...values]);
    for (const other of (hasNull ? this.#all : this.#withNull).find(keys)) {
      if (!this.#differ(values, this.#of.rightValues(other))) yield other;
    }
  }

  clear(): void {
    this.#equal.clear();
    this.#withNull.clear();
    this.#all.clear();
  }

  /** Whether two values that are both there are different; compared by the names that the keys of joins have. */
  #differ(left: InternalRow, right: InternalRow): boolean {
    return left.some((value, i) => {
      const other = right[i] as InternalValue;
      return value !== null && other !== null && !this.#equal.isSame(left.length, i, value, other);
    });
  }
}
