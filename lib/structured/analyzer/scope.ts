import type { Attribute, LambdaVariable, SortOrder, TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { AnalysisSession } from './analysis-session.ts';
import type { ResolvedPlan } from './resolved-plan.ts';

/** What names mean at one node of a plan. */
export interface Scope {
  readonly session: AnalysisSession;
  readonly site: CallSite;
  /** Columns of the inputs, left to right. */
  readonly attributes: readonly Attribute[];
  /** Columns of the DataFrame of that id, as they arrive here: one list for each depth at which it stands below, nearest first. */
  readonly columnsOf: (planId: number) => readonly (readonly Attribute[])[];
  /** What must be computed below the node, in order; found while its expressions are resolved. */
  readonly lifts: Lift[];
  /** Directly below `over`: ranking functions may stand here. */
  readonly isOver?: boolean;
  /** Parameters of the lambdas around, innermost first. */
  readonly variables: readonly LambdaVariable[];
  /** Columns below a join by USING that are not given out, and can be asked for by the name of their relation. */
  readonly hidden?: readonly Attribute[];
  /** Items of the SELECT list that have an alias, left of the one that is resolved: a name that is no column may be one of them. */
  readonly aliases?: Map<string, TypedExpression>;
  /** What names mean in the query around a subquery. */
  readonly outer?: Scope;
  /** The plan of a subquery, for which this scope or one made of it is the outer one. */
  readonly analyzeIn: (plan: LogicalPlan, outer: Scope) => ResolvedPlan;
}

export interface SubqueryLift {
  readonly kind: 'subquery';
  readonly attribute: Attribute;
  readonly form: 'scalar' | 'exists' | 'in' | 'notIn';
  /** Resolved; columns of the query around it are among its expressions. */
  readonly plan: ResolvedPlan;
  /** Of `in` and `notIn`: values of the query around it, with the columns of the plan that they are compared with. */
  readonly pairs: readonly (readonly [value: TypedExpression, column: TypedExpression])[];
  readonly nextId: () => number;
}

/** An expression that is computed by a node of its own below the node it was written in; `attribute` stands for it there. */
export type Lift =
  | {
      readonly kind: 'timeWindow';
      readonly attribute: Attribute;
      readonly time: TypedExpression;
      readonly durationUs: number;
      readonly slideUs: number;
      readonly startUs: number;
    }
  | {
      readonly kind: 'sessionWindow';
      readonly attribute: Attribute;
      readonly time: TypedExpression;
      readonly gap: TypedExpression;
    }
  /** A column that a join by USING keeps to itself. */
  | { readonly kind: 'hidden'; readonly attribute: Attribute }
  /** A subquery: `attribute` is its value, or says whether there is a match. */
  | SubqueryLift
  | { readonly kind: 'windowTime'; readonly attribute: Attribute; readonly window: TypedExpression }
  | {
      readonly kind: 'over';
      readonly attribute: Attribute;
      readonly function: TypedExpression;
      readonly partitionBy: readonly TypedExpression[];
      readonly orderBy: readonly SortOrder[];
      readonly frame?: { readonly unit: 'rows' | 'range'; readonly from: number; readonly until: number };
    };
