import type { Attribute, LambdaVariable, SortOrder, TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { AnalysisSession } from './analysis-session.ts';

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
  | { readonly kind: 'windowTime'; readonly attribute: Attribute; readonly window: TypedExpression }
  | {
      readonly kind: 'over';
      readonly attribute: Attribute;
      readonly function: TypedExpression;
      readonly partitionBy: readonly TypedExpression[];
      readonly orderBy: readonly SortOrder[];
      readonly frame?: { readonly unit: 'rows' | 'range'; readonly from: number; readonly until: number };
    };
