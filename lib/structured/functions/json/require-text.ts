import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { unexpected } from '../signatures.ts';

/** Raises unless the argument is a text or a plain NULL: Spark casts nothing to a text here. */
export function requireText(name: string, args: readonly TypedExpression[], index: number): void {
  const arg = args[index];
  if (arg !== undefined && arg.type.kind !== 'string' && arg.type.kind !== 'void')
    unexpected(name, index, arg, 'STRING');
}
