import type { Expression } from '../expressions/expression.ts';
import type { Grammar } from './grammar.ts';
import type { Token } from './lexer.ts';

type Subquery = Extract<Expression, { kind: 'subquery' }>;

/**
 * A query in brackets within an expression. `(a, b) IN (SELECT ...)` compares its values one by one.
 *
 * The query is read as a plan of its own; what it takes of the query around it is found when it is analyzed.
 */
export function subquery(grammar: Grammar, form: Subquery['form'], start?: Token, operand?: Expression): Expression {
  const { tokens } = grammar;
  const first = start ?? tokens.peek();
  tokens.expect('(');
  const plan = grammar.query();
  tokens.expect(')');
  const isRow = operand?.kind === 'call' && operand.name === 'struct';
  const values = operand === undefined ? [] : isRow ? operand.args : [operand];
  return { kind: 'subquery', form, plan, values, position: tokens.since(first) };
}
