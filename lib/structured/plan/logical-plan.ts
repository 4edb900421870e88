import type { Expression, SortExpression, TextPosition } from '../expressions/expression.ts';
import type { InternalRow, StructType } from '../types/data-type.ts';
import type { GroupStateProgram, StatefulProgram } from './user-programs.ts';

/**
 * What a DataFrame stands for, as it was written: an immutable tree of plain data. Functions of the user are marked nodes (`udf`
 * expressions, `flatMapGroupsWithState`, `transformWithState`): everything else can be sent to another engine. The analyzer turns
 * a node and its resolved children into a `ResolvedPlan`.
 *
 * Every node has a `planId`, unique in the session: `df.col('x')` refers to it.
 */
export type LogicalPlan = LogicalNode & { readonly planId: number };

/** A node, and where it stands in a SQL text if it was written in one. */
export type LogicalNode = NodeKind & { readonly position?: TextPosition };

type NodeKind =
  /** Rows at hand. */
  | { readonly kind: 'local'; readonly schema: StructType; readonly rows: readonly InternalRow[] }
  /** A source by its format. `path` and such are options. */
  | {
      readonly kind: 'read';
      readonly isStreaming: boolean;
      readonly format: string;
      readonly options: Readonly<Record<string, string>>;
      /** Given by the user, or else the source's own. */
      readonly schema?: StructType;
      /** Memory streams: the source object itself. */
      readonly source?: object;
    }
  /** A temporary view by the parts of its name: looked up when the plan is analyzed. */
  | { readonly kind: 'relation'; readonly parts: readonly string[] }
  /** Rows of constant expressions: `VALUES (1, 'a'), (2, 'b')`. */
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'range'; readonly start: number; readonly end: number; readonly step: number }
  | { readonly kind: 'project'; readonly child: LogicalPlan; readonly columns: readonly Expression[] }
  | {
      readonly kind: 'withColumns';
      readonly child: LogicalPlan;
      readonly columns: readonly (readonly [name: string, Expression])[];
    }
  | {
      readonly kind: 'withColumnsRenamed';
      readonly child: LogicalPlan;
      readonly names: readonly (readonly [from: string, to: string])[];
    }
  | { readonly kind: 'drop'; readonly child: LogicalPlan; readonly columns: readonly Expression[] }
  | { readonly kind: 'filter'; readonly child: LogicalPlan; readonly condition: Expression }
  | {
      readonly kind: 'watermark';
      readonly child: LogicalPlan;
      readonly column: string;
      readonly delay: string;
      readonly idleTimeout?: string;
    }
  | {
      readonly kind: 'aggregate';
      readonly child: LogicalPlan;
      readonly grouping: readonly Expression[];
      readonly type: 'groupBy' | 'rollup' | 'cube' | 'groupingSets';
      /** Of `groupingSets`: for each set the places of its keys in `grouping`. */
      readonly sets?: readonly (readonly number[])[];
      /** `GROUP BY ALL`: the keys are the items without aggregates. */
      readonly isByAll?: boolean;
      /** Of `isByAll`: how many of the aggregates were written; those behind them are for HAVING and ORDER BY. */
      readonly itemCount?: number;
      /** Columns of the result behind the grouping columns. */
      readonly aggregates: readonly Expression[];
      readonly pivot?: { readonly column: Expression; readonly values?: readonly Expression[] };
      /** Written as a SELECT: the result has the aggregates only, and a key may be the alias of one of them. */
      readonly isSelect?: boolean;
    }
  | {
      readonly kind: 'deduplicate';
      readonly child: LogicalPlan;
      readonly columns?: readonly string[];
      readonly withinWatermark: boolean;
    }
  | {
      readonly kind: 'join';
      readonly left: LogicalPlan;
      readonly right: LogicalPlan;
      readonly how: JoinKind;
      readonly on?: Expression;
      readonly using?: readonly string[];
      /** Equal in the columns that both sides have. */
      readonly isNatural?: boolean;
      /** The right side sees the columns of the left one. */
      readonly isLateral?: boolean;
    }
  /** `LATERAL VIEW`, and a generator behind FROM: its columns follow those of the child. */
  | {
      readonly kind: 'lateralView';
      readonly child: LogicalPlan;
      readonly generator: Expression;
      readonly isOuter: boolean;
      readonly alias?: string;
      readonly columns: readonly string[];
    }
  | {
      readonly kind: 'union';
      readonly left: LogicalPlan;
      readonly right: LogicalPlan;
      readonly byName: boolean;
      readonly allowMissingColumns: boolean;
    }
  | {
      readonly kind: 'setOperation';
      readonly left: LogicalPlan;
      readonly right: LogicalPlan;
      readonly operation: 'except' | 'intersect';
      readonly isAll: boolean;
    }
  | { readonly kind: 'sort'; readonly child: LogicalPlan; readonly order: readonly SortExpression[] }
  | {
      readonly kind: 'limit';
      readonly child: LogicalPlan;
      readonly count: number | Expression;
      readonly offset: number | Expression;
    }
  /** Rows whose random number is from `from` (0) up to `fraction`. */
  | {
      readonly kind: 'sample';
      readonly child: LogicalPlan;
      readonly from?: number;
      readonly fraction: number;
      readonly seed?: number;
    }
  | {
      readonly kind: 'fillNulls';
      readonly child: LogicalPlan;
      readonly values: readonly (readonly [column: string, Expression])[] | Expression;
      readonly columns?: readonly string[];
    }
  | {
      readonly kind: 'dropNulls';
      readonly child: LogicalPlan;
      readonly minNonNulls?: number;
      readonly columns?: readonly string[];
    }
  /** `columns`: new names for all columns. */
  | {
      readonly kind: 'alias';
      readonly child: LogicalPlan;
      readonly name?: string;
      readonly columns?: readonly string[];
    }
  | { readonly kind: 'hint'; readonly child: LogicalPlan; readonly name: string }
  /** `observe`: metrics computed beside the rows. */
  | {
      readonly kind: 'observe';
      readonly child: LogicalPlan;
      readonly name: string;
      readonly metrics: readonly Expression[];
    }
  | {
      readonly kind: 'flatMapGroupsWithState';
      readonly child: LogicalPlan;
      readonly grouping: readonly Expression[];
      readonly program: GroupStateProgram;
    }
  | {
      readonly kind: 'transformWithState';
      readonly child: LogicalPlan;
      readonly grouping: readonly Expression[];
      readonly program: StatefulProgram;
      readonly initialState?: LogicalPlan;
    };

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'leftSemi' | 'leftAnti' | 'cross';
