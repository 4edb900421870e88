import { Column, columnExpression, expressionOf } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';

/** A column where Spark takes one: a column, its name, or a plain number or truth value. */
export type ColumnArgument = Column | string | number | bigint | boolean | null;

/** Several columns, also as one array. */
export type ColumnArguments = readonly (ColumnArgument | readonly ColumnArgument[])[];

/** An argument that Spark takes as a column: a text is a name. */
export function columnOf(argument: ColumnArgument): Expression {
  return argument instanceof Column || typeof argument === 'string'
    ? columnExpression(argument)
    : expressionOf(argument);
}

export function columnsOf(args: ColumnArguments): readonly Expression[] {
  return args.flat().map((arg) => columnOf(arg));
}

/** An argument that Spark takes as a value: a text is a text. */
export function valueOf(argument: unknown): Expression {
  return expressionOf(argument);
}

/** An argument that may be left out. */
export function given<T>(make: (argument: T) => Expression, argument: T | undefined): readonly Expression[] {
  return argument === undefined ? [] : [make(argument)];
}

/** A call of Spark's function of that SQL name. */
export function call(name: string, ...args: readonly Expression[]): Column {
  return new Column({ kind: 'call', name, args });
}
