import type { LogicalPlan } from '../plan/logical-plan.ts';

/** What a SQL text asks for: a query, or one of the commands over views and settings. */
export type Statement =
  | { readonly kind: 'query'; readonly plan: LogicalPlan }
  | {
      readonly kind: 'createView';
      readonly name: string;
      readonly isGlobal: boolean;
      readonly onClash: 'fail' | 'replace' | 'ignore';
      readonly plan: LogicalPlan;
    }
  | { readonly kind: 'dropView'; readonly parts: readonly string[]; readonly ifExists: boolean }
  | { readonly kind: 'showTables'; readonly pattern?: string; readonly columns: 'tables' | 'views' }
  | { readonly kind: 'showColumns'; readonly plan: LogicalPlan }
  | { readonly kind: 'describe'; readonly plan: LogicalPlan }
  | { readonly kind: 'explain'; readonly plan: LogicalPlan; readonly isExtended: boolean }
  | { readonly kind: 'set'; readonly key?: string; readonly value?: string }
  | { readonly kind: 'reset'; readonly key?: string };
