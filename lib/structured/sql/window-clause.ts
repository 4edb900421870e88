import { raise } from '../../kernel/errors.ts';
import type { Expression, SortExpression, WindowSpecification } from '../expressions/expression.ts';
import type { Grammar } from './grammar.ts';

/** The inside of `OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`. */
export function windowSpecification(grammar: Grammar): WindowSpecification {
  const { tokens } = grammar;
  tokens.expect('(');
  const partitionBy: Expression[] = [];
  if (tokens.accept('PARTITION', 'BY') || tokens.accept('DISTRIBUTE', 'BY')) {
    do partitionBy.push(grammar.expression());
    while (tokens.accept(','));
  }
  const order = tokens.at('ORDER', 'BY') || tokens.at('SORT', 'BY') ? orderBy(grammar) : [];
  const unit = tokens.accept('ROWS') ? 'rows' : tokens.accept('RANGE') ? 'range' : undefined;
  const frame = unit === undefined ? {} : { frame: { unit, ...bounds(grammar) } as const };
  tokens.expect(')');
  return { partitionBy, orderBy: order, ...frame };
}

/** `ORDER BY a, b DESC NULLS LAST`. */
export function orderBy(grammar: Grammar): readonly SortExpression[] {
  const { tokens } = grammar;
  if (!tokens.accept('ORDER', 'BY')) tokens.expect('SORT', 'BY');
  const order: SortExpression[] = [];
  do order.push(sortItem(grammar));
  while (tokens.accept(','));
  return order;
}

function sortItem(grammar: Grammar): SortExpression {
  const { tokens } = grammar;
  const child = grammar.expression();
  const descending = tokens.accept('DESC');
  if (!descending) tokens.accept('ASC');
  const first = tokens.accept('NULLS', 'FIRST');
  const last = !first && tokens.accept('NULLS', 'LAST');
  return { kind: 'sort', child, ascending: !descending, nullsFirst: first || (!last && !descending) };
}

function bounds(grammar: Grammar): { readonly from: number; readonly until: number } {
  const { tokens } = grammar;
  if (!tokens.accept('BETWEEN')) return { from: bound(grammar), until: 0 };
  const from = bound(grammar);
  tokens.expect('AND');
  return { from, until: bound(grammar) };
}

function bound(grammar: Grammar): number {
  const { tokens } = grammar;
  if (tokens.accept('CURRENT', 'ROW')) return 0;
  if (tokens.accept('UNBOUNDED', 'PRECEDING')) return -Infinity;
  if (tokens.accept('UNBOUNDED', 'FOLLOWING')) return Infinity;
  const token = tokens.peek();
  const offset = grammar.expression();
  const direction = tokens.accept('PRECEDING') ? -1 : 1;
  if (direction === 1) tokens.expect('FOLLOWING');
  const isConstant =
    offset.kind === 'literal' && (typeof offset.value === 'number' || typeof offset.value === 'bigint');
  if (!isConstant) raise('INVALID_WINDOW_FRAME', { bound: tokens.text.slice(token.from, tokens.peek().from).trim() });
  return Number(offset.value) * direction;
}
