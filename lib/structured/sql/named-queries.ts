import { raise } from '../../kernel/errors.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { TextPosition } from '../expressions/expression.ts';
import { sqlPlace } from './sql-place.ts';

/** Queries that WITH gives names to: the innermost of a name is meant, and names end with the query they belong to. */
export class NamedQueries {
  readonly #known: { readonly name: string; readonly plan: LogicalPlan }[] = [];

  get depth(): number {
    return this.#known.length;
  }

  add(name: string, plan: LogicalPlan): void {
    this.#known.push({ name: name.toLowerCase(), plan });
  }

  find(name: string): LogicalPlan | undefined {
    return this.#known.findLast((known) => known.name === name.toLowerCase())?.plan;
  }

  forgetAbove(depth: number): void {
    this.#known.length = depth;
  }

  refuseDuplicates(names: readonly string[], position: TextPosition): void {
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    if (twice.length === 0) return;
    const duplicateNames = [...new Set(twice)].map((name) => `\`${name}\``).join(', ');
    raise('DUPLICATED_CTE_NAMES', { duplicateNames }, { where: sqlPlace(position) });
  }
}
