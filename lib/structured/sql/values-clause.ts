import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { Expression } from '../expressions/expression.ts';
import type { QuerySource } from './query-source.ts';

/** `VALUES (1, 'a'), (2, 'b')`: rows of constants; without an alias the columns are `col1`, `col2`. */
export function valuesClause(source: QuerySource): LogicalPlan {
  const { tokens, expressions } = source;
  const start = tokens.peek();
  tokens.expect('VALUES');
  const rows = [row(expressions.expression())];
  while (tokens.accept(',')) rows.push(row(expressions.expression()));
  return source.node({ kind: 'values', rows, position: tokens.since(start) });
}

function row(e: Expression): readonly Expression[] {
  return e.kind === 'call' && e.name === 'struct' && e.position === undefined ? e.args : [e];
}
