import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { DataType, InternalValue } from '../types/data-type.ts';

/**
 * One function of Spark SQL: builder, type check, evaluation, documentation and Connect name all come from its definition. A definition
 * is written once, in `functions/<group>.ts`, with `defineFunction`; the registry finds it by name.
 */
export interface FunctionDefinition {
  /** Spark's SQL name: `regexp_replace`, `+`, `and`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: FunctionGroup;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** `upper(str)` */
  readonly usage: string;
  /**
   * Executed by the suite: expression text and the text that `show` prints for it. What needs more than an expression is a whole query,
   * `SELECT ... FROM VALUES ...`.
   */
  readonly examples: readonly (readonly [expression: string, result: string])[];
  /** What texts stand for parameters that are left out before a named one (`lowerChar => 'q'`); names as in `usage`. */
  readonly defaults?: Readonly<Record<string, string | null>>;
  /** False for `rand`, `uuid`, ... : never folded, never moved. */
  readonly deterministic?: boolean;
  /**
   * For functions that take lambdas, the types of the parameters of the one at `index`. Arguments are typed from left to right: a
   * lambda further right is still `undefined`. `count` is how many parameters the lambda was written with.
   */
  readonly lambdaParameters?: (
    index: number,
    args: readonly (TypedExpression | undefined)[],
    count: number,
  ) => readonly { readonly type: DataType; readonly nullable: boolean }[];
  /** Where the lambdas stand; a value there is a lambda that always gives it. */
  readonly lambdaPlaces?: readonly number[];
  /**
   * The type rules. Gets arguments of any type, and says what they are cast to and what comes out; raises
   * `DATATYPE_MISMATCH.*` or `WRONG_NUM_ARGS...` with the name of the function and the argument otherwise.
   */
  readonly resolve: (args: readonly TypedExpression[], site: CallSite) => ResolvedSignature;
  readonly body: FunctionBody;
}

/** Declares a function. The registry lists what the group files export. */
export function defineFunction(definition: FunctionDefinition): FunctionDefinition {
  return definition;
}

export type FunctionGroup =
  | 'operator'
  | 'conditional'
  | 'string'
  | 'math'
  | 'datetime'
  | 'json'
  | 'csv'
  | 'collection'
  | 'hash'
  | 'misc'
  | 'window'
  | 'aggregate'
  | 'generator'
  | 'ranking';

export interface ResolvedSignature {
  /** What each argument is cast to; the same length as the arguments. */
  readonly args: readonly DataType[];
  readonly type: DataType;
  /** When left out: nullable if any argument is. */
  readonly nullable?: boolean;
}

/** What is settled when a query is analyzed, and never changes afterwards. */
export interface CallSite {
  readonly ansi: boolean;
  readonly timeZone: string;
  /** `spark.sql.decimalOperations.allowPrecisionLoss`; on when left out. */
  readonly allowPrecisionLoss?: boolean;
  readonly options?: Readonly<Record<string, string>>;
}

/** What changes from batch to batch while expressions are evaluated; one object for the life of a compiled query. */
export interface EvaluationContext {
  /** `current_timestamp`, microseconds: one instant for a whole batch. */
  batchTimestampUs: number;
  readonly partitionId: number;
}

/** What a body is given when an expression is compiled: argument expressions (to see literals), types, and the site. */
export interface BindSite extends CallSite {
  readonly args: readonly TypedExpression[];
  readonly type: DataType;
  readonly context: EvaluationContext;
}

type FunctionBody =
  | {
      readonly kind: 'scalar';
      readonly bind: (site: BindSite) => ScalarFunction;
      /** What has to be fetched before values are worked on, which is never waited for: gets the first argument of rows to come. */
      readonly prepare?: (site: BindSite) => Prepare | undefined;
    }
  /** Evaluated by the compiler itself, because not all arguments are evaluated: and, or, if, coalesce, ... */
  | { readonly kind: 'special' }
  | { readonly kind: 'aggregate'; readonly bind: (site: BindSite) => AggregateFunction }
  /** Gives rows: explode, json_tuple, ... The type of the call is a struct with one field for each column. */
  | {
      readonly kind: 'generator';
      readonly bind: (site: BindSite) => (...args: readonly InternalValue[]) => Iterable<readonly InternalValue[]>;
    }
  /** Replaced by the analyzer: window, session_window, grouping, ... */
  | { readonly kind: 'rewritten' }
  /** Only over a window specification: row_number, lag, ... Gets the rows of a partition in order and gives one value for each. */
  | { readonly kind: 'ranking'; readonly bind: (site: BindSite) => RankingFunction };

/** Fetches what evaluation needs for some values; resolves when it is there. */
export type Prepare = (values: Iterable<InternalValue>) => Promise<void>;

export interface ScalarFunction {
  /** True: called with nulls too. False (the usual): a null argument gives null without a call. */
  readonly seesNulls?: boolean;
  /** Lambda arguments arrive as JavaScript functions over internal values. */
  readonly evaluate: (...args: readonly any[]) => InternalValue;
  /**
   * JavaScript text of the result for arguments that are not null, where a call would cost more than the work; `args` are names of
   * variables. Never contains text of the user: `bind` names a constant or a function instead. May give `null` at run time.
   */
  readonly generate?: (args: readonly string[], bind: (value: unknown) => string) => string;
}

/**
 * An aggregate over a buffer of `size` values that start at `at` in an array shared with other aggregates. Buffer values are internal
 * values, so that buffers can be stored in state and merged after a restart. Null arguments are passed on: the aggregate decides.
 */
export interface AggregateFunction {
  readonly size: number;
  readonly initial: () => readonly InternalValue[];
  readonly update: (buffer: InternalValue[], at: number, ...args: readonly InternalValue[]) => void;
  readonly merge: (buffer: InternalValue[], at: number, other: readonly InternalValue[], otherAt: number) => void;
  readonly result: (buffer: readonly InternalValue[], at: number) => InternalValue;
  /** JavaScript statements for `update`; `buffer` is a variable's name, `at` a constant, `args` names of variables that may hold null. */
  readonly generateUpdate?: (buffer: string, at: number, args: readonly string[]) => string;
}

export type RankingFunction = (rows: RankedRows) => readonly InternalValue[];

/** One partition of a window specification, sorted. */
export interface RankedRows {
  readonly count: number;
  /** Argument values of a row. */
  argument(row: number, index: number): InternalValue;
  /** Whether a row equals the one before it in the order. */
  isPeerOfPrevious(row: number): boolean;
  /** The rows of the frame of a row: `until` does not belong to it. */
  frame(row: number): { readonly from: number; readonly until: number };
}
