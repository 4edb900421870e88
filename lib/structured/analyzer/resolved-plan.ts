import type { Attribute, NamedExpression, SortOrder, TypedExpression } from '../expressions/typed-expression.ts';
import type { FunctionDefinition } from '../functions/define-function.ts';
import type { JoinKind } from '../plan/logical-plan.ts';
import type { GroupStateProgram, StatefulProgram } from '../plan/user-programs.ts';
import type { InternalRow, StructType } from '../types/data-type.ts';

/**
 * A plan after analysis: every column is an attribute with a type. The optimizer gives the same kinds back; the planner turns them
 * into physical operators. `output` is what the node gives, in order.
 */
export type ResolvedPlan = ResolvedNode & { readonly output: readonly Attribute[]; readonly isStreaming: boolean };

type ResolvedNode =
  | { readonly kind: 'local'; readonly rows: readonly InternalRow[] }
  | {
      readonly kind: 'read';
      readonly format: string;
      readonly options: Readonly<Record<string, string>>;
      /** All columns that the source has; `output` may be fewer, after pruning. */
      readonly schema: StructType;
      /** One relation read twice in a plan is one source: the id of the logical node. */
      readonly sourceId: number;
      readonly source?: object;
    }
  | { readonly kind: 'range'; readonly start: number; readonly end: number; readonly step: number }
  | {
      readonly kind: 'project';
      readonly child: ResolvedPlan;
      readonly columns: readonly NamedExpression[];
      /** Columns of a join by USING below that can be asked for by the name of their relation. */
      readonly hidden?: readonly Attribute[];
    }
  | { readonly kind: 'filter'; readonly child: ResolvedPlan; readonly condition: TypedExpression }
  /** The attribute in `output` carries `watermarkDelayMs`. */
  | {
      readonly kind: 'watermark';
      readonly child: ResolvedPlan;
      readonly column: Attribute;
      readonly delayMs: number;
      readonly idleTimeoutMs?: number;
    }
  /** One row becomes several: a generator's columns follow those of the child. `outer`: at least one row, with nulls. */
  | {
      readonly kind: 'generate';
      readonly child: ResolvedPlan;
      readonly generator: FunctionDefinition;
      readonly args: readonly TypedExpression[];
      readonly columns: readonly Attribute[];
      readonly outer: boolean;
    }
  /** Each row once for each projection: rollup, cube, sliding windows. */
  | {
      readonly kind: 'expand';
      readonly child: ResolvedPlan;
      readonly projections: readonly (readonly TypedExpression[])[];
    }
  /**
   * Keys are attributes of the child (expressions are projected below). `aggregates` name the results of aggregate calls only;
   * what is computed from them is a `project` above. `output` = keys, then aggregates.
   */
  | {
      readonly kind: 'aggregate';
      readonly child: ResolvedPlan;
      readonly keys: readonly Attribute[];
      readonly aggregates: readonly NamedExpression[];
      /** The key that is a session, if any: rows of one group merge by touching. The child's column is the row's own `[ts, ts + gap)`. */
      readonly session?: Attribute;
    }
  | {
      readonly kind: 'deduplicate';
      readonly child: ResolvedPlan;
      readonly keys: readonly Attribute[];
      readonly withinWatermark: boolean;
    }
  | {
      readonly kind: 'join';
      readonly left: ResolvedPlan;
      readonly right: ResolvedPlan;
      readonly how: JoinKind | 'existence';
      readonly condition?: TypedExpression;
      /** Of an existence join: the column that says whether a row of the left side has a match. Rows come out once each. */
      readonly exists?: Attribute;
      /** Pairs of values, left and right, that match unless they are known to differ: those of `NOT IN`, where null may equal anything. */
      readonly nullAware?: readonly (readonly [TypedExpression, TypedExpression])[];
      /** A row of the left side may match one row only: the query on the right stands for one value. */
      readonly isSingle?: boolean;
    }
  | { readonly kind: 'union'; readonly children: readonly ResolvedPlan[] }
  | {
      readonly kind: 'setOperation';
      readonly left: ResolvedPlan;
      readonly right: ResolvedPlan;
      readonly operation: 'except' | 'intersect';
      readonly isAll: boolean;
    }
  | { readonly kind: 'sort'; readonly child: ResolvedPlan; readonly order: readonly SortOrder[] }
  | { readonly kind: 'limit'; readonly child: ResolvedPlan; readonly count: number; readonly offset: number }
  | {
      readonly kind: 'sample';
      readonly child: ResolvedPlan;
      readonly from: number;
      readonly fraction: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'windowFunctions';
      readonly child: ResolvedPlan;
      readonly partitionBy: readonly TypedExpression[];
      readonly orderBy: readonly SortOrder[];
      readonly functions: readonly (NamedExpression & {
        readonly frame?: { readonly unit: 'rows' | 'range'; readonly from: number; readonly until: number };
      })[];
    }
  | {
      readonly kind: 'observe';
      readonly child: ResolvedPlan;
      readonly name: string;
      readonly metrics: readonly NamedExpression[];
    }
  | {
      readonly kind: 'flatMapGroupsWithState';
      readonly child: ResolvedPlan;
      readonly keys: readonly Attribute[];
      /** The child's columns that the function sees as a row: keys that were computed for the grouping are not among them. */
      readonly rows: readonly Attribute[];
      readonly program: GroupStateProgram;
    }
  | {
      readonly kind: 'transformWithState';
      readonly child: ResolvedPlan;
      readonly keys: readonly Attribute[];
      /** The child's columns that the function sees as a row: keys that were computed for the grouping are not among them. */
      readonly rows: readonly Attribute[];
      readonly program: StatefulProgram;
      readonly initialState?: { readonly plan: ResolvedPlan; readonly keys: readonly Attribute[] };
    };
