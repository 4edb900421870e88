import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { DataType, InternalValue } from '../types/data-type.ts';

/**
 * An expression as it was written, by a `Column` or in SQL text: plain data, nothing resolved, no closures but in `udf`. It can be
 * sent elsewhere (Spark Connect) as it is. `analyzer` turns it into a `TypedExpression`.
 */
export type Expression =
  | {
      readonly kind: 'literal';
      readonly value: InternalValue;
      readonly type: DataType;
      /** How it is printed, where the value does not tell: `INTERVAL '05' SECOND`. */
      readonly text?: string;
      readonly position?: TextPosition;
    }
  /** A column by the parts of its name: `['data', 'id']`. `planId` says which DataFrame it was taken from (`df.col('id')`). */
  | {
      readonly kind: 'name';
      readonly parts: readonly string[];
      readonly planId?: number;
      readonly position?: TextPosition;
    }
  /** `*` or `data.*`. */
  | {
      readonly kind: 'star';
      readonly qualifier: readonly string[];
      /** Only columns whose names match as a whole: `colRegex`. */
      readonly pattern?: string;
      /** `* EXCEPT (a, s.b)`: columns that are left out. */
      readonly except?: readonly (readonly string[])[];
      readonly position?: TextPosition;
    }
  /** A function by Spark's SQL name, operators included: `+`, `=`, `<=>`, `and`, `not`, `in`, `like`, `count`, `explode`, `window`. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      /** `f(a, len => 3)`: the names of the arguments that were given by name, null for the others. */
      readonly argNames?: readonly (string | null)[];
      readonly distinct?: boolean;
      /** `FILTER (WHERE ...)` of an aggregate. */
      readonly filter?: Expression;
      /** Option maps (`from_json`), and what is no value: `{ ignoreNulls: 'true' }`. */
      readonly options?: Readonly<Record<string, string>>;
      readonly position?: TextPosition;
    }
  | {
      readonly kind: 'cast';
      readonly child: Expression;
      readonly type: DataType;
      readonly mode: 'cast' | 'try';
      /** How it is printed, when it was not written as a cast: `TIMESTAMP '2024-01-01 00:00:00'`. */
      readonly text?: string;
      readonly position?: TextPosition;
    }
  /** `CASE WHEN`: conditions and values by turns, then the value of ELSE if there is one. */
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [Expression, Expression])[];
      readonly otherwise?: Expression;
    }
  /** Several names for a function that gives several columns. */
  | { readonly kind: 'alias'; readonly child: Expression; readonly names: readonly string[] }
  /** `child.name`, `child[index]`, `child['key']`: what it means depends on the child's type. */
  | { readonly kind: 'extract'; readonly child: Expression; readonly key: Expression }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  | SortExpression
  | {
      readonly kind: 'over';
      readonly child: Expression;
      readonly window: WindowSpecification;
      readonly position?: TextPosition;
    }
  /** A query within an expression: its one value, whether it has rows, or whether `values` are a row of it. */
  | {
      readonly kind: 'subquery';
      readonly form: 'scalar' | 'exists' | 'in';
      readonly plan: LogicalPlan;
      readonly values: readonly Expression[];
      readonly position?: TextPosition;
    }
  /** A function of the user's program, or one of the engine's own. The only place for a closure. */
  | {
      readonly kind: 'udf';
      readonly name: string;
      readonly call: (...args: readonly unknown[]) => unknown;
      readonly returns: DataType;
      readonly args: readonly Expression[];
      readonly deterministic: boolean;
      /** The engine's own, and no function of the program: nobody sees how often it is called. */
      readonly isOwn?: true;
    };

export interface SortExpression {
  readonly kind: 'sort';
  readonly child: Expression;
  readonly ascending: boolean;
  /** Spark's default: first when ascending, last when descending. */
  readonly nullsFirst: boolean;
}

export interface WindowSpecification {
  /** `OVER w`: what the WINDOW clause says of that name, until the parser has read it. */
  readonly name?: string;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortExpression[];
  readonly frame?: {
    readonly unit: 'rows' | 'range';
    /** Offsets from the current row, of intervals in microseconds; -Infinity and Infinity are unbounded. */
    readonly from: number;
    readonly until: number;
    readonly isInterval?: boolean;
    readonly position?: TextPosition;
  };
}

/** Where something stands in a SQL text, for the caret: its first character, and the one behind its last. */
export interface TextPosition {
  readonly text: string;
  readonly at: number;
  readonly until: number;
}
