import { raise } from '../kernel/errors.ts';
import type { AnalysisSession, NamedView } from './analyzer/analysis-session.ts';
import type { LogicalPlan } from './plan/logical-plan.ts';

/** The schema of global temporary views. */
export const GLOBAL_TEMP = 'global_temp';

/** Views by name, without regard to case. */
export class Views {
  readonly #byName = new Map<string, NamedView>();

  find(name: string): NamedView | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  names(): readonly string[] {
    return [...this.#byName.values()].map(({ name }) => name).toSorted();
  }

  /** With `isNew` a name that is taken is an error. The session is the one in which the names within the plan mean something. */
  set(name: string, view: { readonly plan: LogicalPlan; readonly session: AnalysisSession }, isNew: boolean): void {
    if (isNew && this.find(name) !== undefined) {
      raise('TEMP_TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: `\`${name}\`` });
    }
    this.#byName.set(name.toLowerCase(), { ...view, name });
  }

  drop(name: string): boolean {
    return this.#byName.delete(name.toLowerCase());
  }
}
