import type { Expression } from '../expressions/expression.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
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
  /** A query, from its first word on: what stands in the brackets of a subquery. */
  readonly query: () => LogicalPlan;
}

export function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}

/** Whether a query begins at the next token, or one further on, and no name. */
export function atQuery({ tokens }: Pick<Grammar, 'tokens'>, ahead = 0): boolean {
  const { key } = tokens.peek(ahead);
  const next = tokens.peek(ahead + 1);
  if (key === 'SELECT' || key === 'WITH') return next.key !== ')' && next.key !== ',';
  if (key === 'VALUES') return next.key === '(' || next.kind === 'number' || next.kind === 'string';
  if (key === 'FROM' || key === 'TABLE') return next.kind === 'word' || next.kind === 'quoted';
  return false;
}

/** A chain of AND or OR as a balanced tree, as in Spark: thousands of terms nest a dozen levels deep. At least one term. */
export function balanced(name: string, terms: readonly Expression[]): Expression {
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) return first;
  const middle = Math.ceil(terms.length / 2);
  return call(name, balanced(name, terms.slice(0, middle)), balanced(name, terms.slice(middle)));
}
