import type { FunctionDefinition } from '../functions/define-function.ts';
import type { DataType, InternalValue } from '../types/data-type.ts';

/** An expression after analysis: names are attributes, every node has its type, casts are explicit, options are settled. */
export type TypedExpression =
  | TypedLiteral
  | Attribute
  | TypedCall
  | TypedCast
  | TypedCase
  | TypedExtract
  | TypedLambda
  | LambdaVariable
  | TypedUdf
  | AggregateCall;

interface Typed {
  readonly type: DataType;
  readonly nullable: boolean;
}

export interface TypedLiteral extends Typed {
  readonly kind: 'literal';
  readonly value: InternalValue;
}

/** A column of a plan node's output. The id is unique within the session: it survives projections, renaming makes a new one. */
export interface Attribute extends Typed {
  readonly kind: 'attribute';
  readonly id: number;
  readonly name: string;
  /** The names by which it may be qualified: the alias of its relation. */
  readonly qualifier: readonly string[];
  /** The DataFrames it was in (`df.col(...)` asks for one of them). */
  readonly planIds?: readonly number[];
  /** Set on an event-time column, and on windows of it. */
  readonly watermarkDelayMs?: number;
}

/** A scalar function with its arguments already cast to what the function takes. */
export interface TypedCall extends Typed {
  readonly kind: 'call';
  readonly function: FunctionDefinition;
  readonly args: readonly TypedExpression[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface TypedCast extends Typed {
  readonly kind: 'cast';
  readonly child: TypedExpression;
  /** `ansi` fails on bad input, `legacy` and `try` give null. */
  readonly mode: 'ansi' | 'legacy' | 'try';
}

export interface TypedCase extends Typed {
  readonly kind: 'case';
  readonly branches: readonly (readonly [condition: TypedExpression, value: TypedExpression])[];
  readonly otherwise: TypedExpression;
}

/** Field of a struct by position, of an array of structs by position, element of an array, value of a map. */
export interface TypedExtract extends Typed {
  readonly kind: 'extract';
  readonly child: TypedExpression;
  readonly access:
    | { readonly kind: 'field'; readonly index: number; readonly name: string }
    | { readonly kind: 'fieldOfElements'; readonly index: number; readonly name: string }
    | { readonly kind: 'element'; readonly key: TypedExpression; readonly isAnsi: boolean }
    | { readonly kind: 'mapValue'; readonly key: TypedExpression };
}

export interface TypedLambda extends Typed {
  readonly kind: 'lambda';
  readonly parameters: readonly LambdaVariable[];
  readonly body: TypedExpression;
}

export interface LambdaVariable extends Typed {
  readonly kind: 'variable';
  readonly id: number;
  readonly name: string;
}

export interface TypedUdf extends Typed {
  readonly kind: 'udf';
  readonly name: string;
  readonly call: (...args: readonly unknown[]) => unknown;
  readonly args: readonly TypedExpression[];
  readonly deterministic: boolean;
  /** The engine's own, and no function of the program: nobody sees how often it is called. */
  readonly isOwn?: true;
}

/** An aggregate function where the planner has not yet put the attribute of its result. */
export interface AggregateCall extends Typed {
  readonly kind: 'aggregate';
  readonly function: FunctionDefinition;
  readonly args: readonly TypedExpression[];
  readonly distinct: boolean;
  readonly filter?: TypedExpression;
  readonly options?: Readonly<Record<string, string>>;
}

/** An expression with the attribute that holds its result: an item of a SELECT list. A bare attribute is itself. */
export interface NamedExpression {
  readonly expression: TypedExpression;
  readonly attribute: Attribute;
}

export interface SortOrder {
  readonly child: TypedExpression;
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
}
