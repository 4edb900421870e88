import type { JoinKind, LogicalPlan } from '../plan/logical-plan.ts';
import { atQuery } from './grammar.ts';
import type { QuerySource } from './query-source.ts';
import { MAX_DEPTH, type TokenStream } from './token-stream.ts';
import { tableFunction } from './table-functions.ts';
import { valuesClause } from './values-clause.ts';

/** `a AS x JOIN b ON ... , (SELECT ...) y LATERAL VIEW explode(x.list) AS e`: tables, queries, generators and joins of them. */
export function parseRelation(source: QuerySource): LogicalPlan {
  const { tokens } = source;
  return tokens.nested(() => {
    let left = joins(source, primary(source));
    while (tokens.accept(',')) {
      const isLateral = tokens.accept('LATERAL');
      const right = primary(source);
      const cross = { kind: 'join', left, how: 'cross', ...(isLateral ? { isLateral } : {}) } as const;
      left = isLateral
        ? joins(source, source.node({ ...cross, right }))
        : source.node({ ...cross, right: joins(source, right) });
    }
    return lateralViews(source, left);
  });
}

function joins(source: QuerySource, first: LogicalPlan): LogicalPlan {
  const { tokens, expressions } = source;
  let left = first;
  for (;;) {
    const start = tokens.peek();
    const isNatural = tokens.accept('NATURAL');
    const how = joinKind(tokens);
    if (how === undefined) {
      if (isNatural) tokens.fail(": 'JOIN' is missing");
      return left;
    }
    const isLateral = tokens.accept('LATERAL');
    const right = primary(source);
    const flags = { ...(isNatural ? { isNatural } : {}), ...(isLateral ? { isLateral } : {}) };
    const join = { kind: 'join', left, right, how, ...flags } as const;
    if (tokens.accept('ON')) {
      const on = expressions.expression();
      left = source.node({ ...join, on, position: tokens.since(start) });
    } else if (tokens.accept('USING')) {
      tokens.expect('(');
      const using = [tokens.name('a column')];
      while (tokens.accept(',')) using.push(tokens.name('a column'));
      tokens.expect(')');
      left = source.node({ ...join, using });
    } else {
      left = source.node(join);
    }
  }
}

const kinds: readonly (readonly [words: readonly string[], kind: JoinKind])[] = [
  [['JOIN'], 'inner'],
  [['INNER', 'JOIN'], 'inner'],
  [['CROSS', 'JOIN'], 'cross'],
  [['LEFT', 'SEMI', 'JOIN'], 'leftSemi'],
  [['SEMI', 'JOIN'], 'leftSemi'],
  [['LEFT', 'ANTI', 'JOIN'], 'leftAnti'],
  [['ANTI', 'JOIN'], 'leftAnti'],
  [['LEFT', 'OUTER', 'JOIN'], 'left'],
  [['LEFT', 'JOIN'], 'left'],
  [['RIGHT', 'OUTER', 'JOIN'], 'right'],
  [['RIGHT', 'JOIN'], 'right'],
  [['FULL', 'OUTER', 'JOIN'], 'full'],
  [['FULL', 'JOIN'], 'full'],
];

function joinKind(tokens: TokenStream): JoinKind | undefined {
  return kinds.find(([words]) => tokens.accept(...words))?.[1];
}

/** `LATERAL VIEW [OUTER] explode(list) t AS e`. */
function lateralViews(source: QuerySource, child: LogicalPlan): LogicalPlan {
  const { tokens, expressions } = source;
  let plan = child;
  for (;;) {
    const start = tokens.peek();
    if (!tokens.accept('LATERAL', 'VIEW')) return plan;
    const isOuter = tokens.accept('OUTER');
    const generator = expressions.value();
    const alias = tokens.at('AS') || !isName(tokens) ? undefined : tokens.name('an alias');
    const columns = tokens.accept('AS') ? names(tokens) : [];
    const named = alias === undefined ? {} : { alias };
    const position = tokens.since(start);
    plan = source.node({ kind: 'lateralView', child: plan, generator, isOuter, columns, ...named, position });
  }
}

function names(tokens: TokenStream): readonly string[] {
  const found = [tokens.name('a column')];
  while (tokens.accept(',')) found.push(tokens.name('a column'));
  return found;
}

/** Words that go on behind a table, and so are no alias without AS. */
const continuing = new Set(
  (
    'WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET UNION EXCEPT MINUS SETMINUS INTERSECT JOIN INNER LEFT RIGHT FULL ' +
    'CROSS SEMI ANTI NATURAL ON USING AS LATERAL WINDOW SELECT TABLESAMPLE PIVOT UNPIVOT'
  ).split(' '),
);
/** Of these only the words that nothing can follow but a query: alone at the end of a text they are an alias, as in Spark. */
const lenient = new Set('WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET WINDOW'.split(' '));

/** Whether an alias may stand at the next token. */
function isName(tokens: TokenStream): boolean {
  const { kind, key } = tokens.peek();
  if (kind === 'quoted') return true;
  if (kind !== 'word') return false;
  if (!continuing.has(key)) return true;
  const next = tokens.peek(1);
  const isBy = key !== 'WHERE' && key !== 'HAVING' && key !== 'LIMIT' && key !== 'OFFSET' && key !== 'WINDOW';
  return lenient.has(key) && (next.kind === 'end' || next.key === ')' || (isBy && next.key !== 'BY'));
}

function primary(source: QuerySource): LogicalPlan {
  const { tokens } = source;
  const { plan, name } = relation(source);
  const sampled = tokens.at('TABLESAMPLE') ? sample(source, plan) : plan;
  const hasAlias = tokens.accept('AS') || isName(tokens);
  const alias = hasAlias ? tokens.name('an alias') : name;
  const columns = hasAlias && tokens.accept('(') ? names(tokens) : undefined;
  if (columns !== undefined) tokens.expect(')');
  if (alias === undefined) return sampled;
  return source.node({ kind: 'alias', child: sampled, name: alias, ...(columns === undefined ? {} : { columns }) });
}

function relation(source: QuerySource): { readonly plan: LogicalPlan; readonly name?: string } {
  const { tokens } = source;
  if (tokens.accept('(')) {
    const isQuery = atQuery(source) || (tokens.at('(') && isQueryInBrackets(source));
    const plan = isQuery ? source.query() : parseRelation(source);
    tokens.expect(')');
    return { plan };
  }
  if (tokens.at('VALUES') && atQuery(source)) return { plan: valuesClause(source) };
  const next = tokens.peek();
  if (next.kind === 'word' && tokens.peek(1).key === '(') {
    if (next.key === 'IDENTIFIER') return { plan: identified(source) };
    return { plan: tableFunction(source) };
  }
  const plan = source.table();
  return { plan, name: tokens.peek(-1).value };
}

/** `((SELECT ...) UNION ...)`: a query, where `((a JOIN b))` is a relation. */
function isQueryInBrackets({ tokens }: QuerySource): boolean {
  let ahead = 0;
  // Nobody may nest deeper than this, and each level looks again.
  while (ahead < MAX_DEPTH && tokens.peek(ahead).key === '(') ahead++;
  return atQuery({ tokens }, ahead);
}

/** `IDENTIFIER('a.b')`: a table whose name is a text. */
function identified(source: QuerySource): LogicalPlan {
  const { tokens, expressions } = source;
  const start = tokens.next();
  tokens.expect('(');
  const name = expressions.expression();
  tokens.expect(')');
  if (name.kind !== 'literal' || typeof name.value !== 'string') return tokens.fail(': IDENTIFIER takes a text', start);
  const parts = name.value.split('.');
  return source.node({
    kind: 'alias',
    child: source.node({ kind: 'relation', parts, position: tokens.since(start) }),
    name: parts.at(-1) ?? '',
  });
}

/** `TABLESAMPLE (10 PERCENT)`, `TABLESAMPLE (5 ROWS)`. */
function sample(source: QuerySource, child: LogicalPlan): LogicalPlan {
  const { tokens } = source;
  tokens.expect('TABLESAMPLE', '(');
  const amount = tokens.next();
  if (amount.kind !== 'number') tokens.fail(': a number is missing', amount);
  const isRows = tokens.accept('ROWS');
  if (!isRows) tokens.expect('PERCENT');
  tokens.expect(')');
  const number = Number(amount.value);
  const seed = tokens.accept('REPEATABLE') ? repeatable(tokens) : undefined;
  if (isRows) return source.node({ kind: 'limit', child, count: number, offset: 0 });
  const seeded = seed === undefined ? {} : { seed };
  return source.node({ kind: 'sample', child, fraction: number / 100, ...seeded });
}

function repeatable(tokens: TokenStream): number {
  tokens.expect('(');
  const seed = tokens.next();
  if (seed.kind !== 'number') tokens.fail(': a number is missing', seed);
  tokens.expect(')');
  return Number(seed.value);
}
