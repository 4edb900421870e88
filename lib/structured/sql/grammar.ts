import type { Expression } from '../expressions/expression.ts';
import type { TokenStream } from './token-stream.ts';

/** What the parts of the expression grammar know of each other. */
export interface Grammar {
  readonly tokens: TokenStream;
  /** Any expression, `AND` and `OR` included. */
  readonly expression: () => Expression;
  /** An operand: comparisons and arithmetic, but no `AND`, `OR`, `NOT`, `BETWEEN`. */
  readonly value: () => Expression;
  /** An expression with an alias: an item of a SELECT list. */
  readonly named: () => Expression;
}

export function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}
