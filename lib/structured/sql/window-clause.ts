import { raise } from '../../kernel/errors.ts';
import type { Expression, SortExpression, WindowSpecification } from '../expressions/expression.ts';
import type { Grammar } from './grammar.ts';

/** What stands behind OVER: a specification in brackets, or the name of one. */
export function windowReference(grammar: Grammar): WindowSpecification {
  const { tokens } = grammar;
  if (!tokens.at('(')) return { name: tokens.name('a window'), partitionBy: [], orderBy: [] };
  const isNamed = tokens.peek(2).key === ')' && tokens.peek(1).kind !== 'symbol';
  if (!isNamed) return windowSpecification(grammar);
  tokens.next();
  const name = tokens.name();
  tokens.expect(')');
  return { name, partitionBy: [], orderBy: [] };
}

/** The inside of `OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`. */
export function windowSpecification(grammar: Grammar): WindowSpecification {
  const { tokens } = grammar;
  const start = tokens.peek();
  tokens.expect('(');
  const partitionBy: Expression[] = [];
  if (tokens.accept('PARTITION', 'BY') || tokens.accept('DISTRIBUTE', 'BY')) {
    do partitionBy.push(grammar.expression());
    while (tokens.accept(','));
  }
  const order = tokens.at('ORDER', 'BY') || tokens.at('SORT', 'BY') ? orderBy(grammar) : [];
  const unit = tokens.accept('ROWS') ? 'rows' : tokens.accept('RANGE') ? 'range' : undefined;
  const frame = unit === undefined ? undefined : frameOf(grammar, unit);
  tokens.expect(')');
  const framed = frame === undefined ? {} : { frame: { ...frame, position: tokens.since(start) } };
  return { partitionBy, orderBy: order, ...framed };
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

type Frame = NonNullable<WindowSpecification['frame']>;

function frameOf(grammar: Grammar, unit: Frame['unit']): Frame {
  const { tokens } = grammar;
  const isBetween = tokens.accept('BETWEEN');
  const from = bound(grammar);
  if (isBetween) tokens.expect('AND');
  const until = isBetween ? bound(grammar) : { offset: 0, isInterval: false };
  const isInterval = from.isInterval || until.isInterval;
  return { unit, from: from.offset, until: until.offset, ...(isInterval ? { isInterval } : {}) };
}

interface Bound {
  readonly offset: number;
  readonly isInterval: boolean;
}

function bound(grammar: Grammar): Bound {
  const { tokens } = grammar;
  if (tokens.accept('CURRENT', 'ROW')) return { offset: 0, isInterval: false };
  if (tokens.accept('UNBOUNDED', 'PRECEDING')) return { offset: -Infinity, isInterval: false };
  if (tokens.accept('UNBOUNDED', 'FOLLOWING')) return { offset: Infinity, isInterval: false };
  const token = tokens.peek();
  const offset = grammar.expression();
  const direction = tokens.accept('PRECEDING') ? -1 : 1;
  if (direction === 1) tokens.expect('FOLLOWING');
  const isConstant =
    offset.kind === 'literal' && (typeof offset.value === 'number' || typeof offset.value === 'bigint');
  if (!isConstant) {
    return raise('INVALID_WINDOW_FRAME', { bound: tokens.text.slice(token.from, tokens.peek().from).trim() });
  }
  return { offset: Number(offset.value) * direction, isInterval: offset.type.kind.startsWith('interval') };
}
