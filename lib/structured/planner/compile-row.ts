import { compileExpression } from '../expressions/compile.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import type { InternalRow } from '../types/data-type.ts';

/** A function from a row to the values of several expressions. */
export function compileRow(
  expressions: readonly TypedExpression[],
  input: readonly Attribute[],
  setup: OperatorSetup,
): (row: InternalRow) => InternalRow {
  const compiled = expressions.map((e) => compileExpression(e, input, setup));
  return (row) => compiled.map((value) => value(row));
}
