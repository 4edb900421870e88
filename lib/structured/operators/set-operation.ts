import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { InternalRow } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';

type SetPlan = Extract<ResolvedPlan, { kind: 'setOperation' }>;

/**
 * `except` and `intersect` of static data; null equals null. With `isAll` each row of the right side stands for one of the left, without
 * it rows come out once.
 */
export class SetOperation implements PhysicalOperator {
  readonly #plan: SetPlan;
  readonly #nameOf: (row: InternalRow) => unknown;
  readonly #emit: RowSink;
  #left: InternalRow[] = [];
  #right = new Map<unknown, number>();

  constructor(plan: SetPlan, emit: RowSink) {
    this.#plan = plan;
    this.#nameOf = valueKey({
      kind: 'struct',
      fields: plan.left.output.map(({ name, type, nullable }) => ({ name, type, nullable })),
    });
    this.#emit = emit;
  }

  begin(): void {
    this.#left = [];
    this.#right = new Map();
  }

  input(index: number): RowSink {
    if (index === 0) {
      return (row) => {
        this.#left.push(row);
      };
    }
    return (row) => {
      const name = this.#nameOf(row);
      this.#right.set(name, (this.#right.get(name) ?? 0) + 1);
    };
  }

  finish(): void {
    const { operation, isAll } = this.#plan;
    const given = new Set<unknown>();
    for (const row of this.#left) {
      const name = this.#nameOf(row);
      const count = this.#right.get(name) ?? 0;
      if (isAll && count > 0) this.#right.set(name, count - 1);
      if (count > 0 !== (operation === 'intersect')) continue;
      if (!isAll) {
        if (given.has(name)) continue;
        given.add(name);
      }
      this.#emit(row);
    }
    this.begin();
  }
}
