import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { sqlTypeText } from '../../types/type-text.ts';

/** The two operands of an operator; any other number is refused. */
export function twoOf(
  name: string,
  args: readonly TypedExpression[],
): readonly [left: TypedExpression, right: TypedExpression] {
  countOf(name, args, 2);
  return args as unknown as readonly [TypedExpression, TypedExpression];
}

export function oneOf(name: string, args: readonly TypedExpression[]): TypedExpression {
  countOf(name, args, 1);
  return args[0] as TypedExpression;
}

/** Refuses a call with another number of arguments. */
export function countOf(name: string, args: readonly TypedExpression[], expected: number): void {
  if (args.length === expected) return;
  const usage = `${name}(${Array.from({ length: expected }, (_, i) => `expr${i + 1}`).join(', ')})`;
  raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', { function: name, expected, actual: args.length, usage });
}

/** Two operands of types that do not go together. */
export function differ(name: string, left: TypedExpression, right: TypedExpression): never {
  return raise('DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES', {
    operator: name,
    left: `"${sqlTypeText(left.type)}"`,
    right: `"${sqlTypeText(right.type)}"`,
  });
}

/** An operand of a type that an operator does not take. */
export function wrongType(name: string, operand: TypedExpression, wanted: string): never {
  return raise('DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE', {
    operator: name,
    inputType: wanted,
    actualDataType: `"${sqlTypeText(operand.type)}"`,
  });
}
