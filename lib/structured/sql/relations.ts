import type { JoinKind, LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { ExpressionParser } from './expression-parser.ts';
import type { TokenStream } from './token-stream.ts';

/** What stands behind FROM is made of. */
export interface QuerySource {
  readonly tokens: TokenStream;
  readonly expressions: ExpressionParser;
  node(node: LogicalNode): LogicalPlan;
  table(name: string): LogicalPlan;
  query(): LogicalPlan;
}

/** `a AS x JOIN b ON ... , (SELECT ...) y`: tables, queries and joins of them. */
export function parseRelation(source: QuerySource): LogicalPlan {
  let left = joins(source, primary(source));
  while (source.tokens.accept(',')) {
    left = source.node({ kind: 'join', left, right: joins(source, primary(source)), how: 'cross' });
  }
  return left;
}

function joins(source: QuerySource, first: LogicalPlan): LogicalPlan {
  const { tokens, expressions } = source;
  let left = first;
  for (;;) {
    const how = joinKind(tokens);
    if (how === undefined) return left;
    const right = primary(source);
    if (tokens.accept('ON')) {
      left = source.node({ kind: 'join', left, right, how, on: expressions.expression() });
    } else if (tokens.accept('USING', '(')) {
      const using = [tokens.name('a column')];
      while (tokens.accept(',')) using.push(tokens.name('a column'));
      tokens.expect(')');
      left = source.node({ kind: 'join', left, right, how, using });
    } else {
      left = source.node({ kind: 'join', left, right, how });
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

/** Words that go on behind a table, and so are no alias without AS. */
const continuing = new Set(
  (
    'WHERE GROUP HAVING ORDER SORT LIMIT OFFSET UNION EXCEPT MINUS INTERSECT JOIN INNER LEFT RIGHT FULL CROSS SEMI ANTI NATURAL ' +
    'ON USING AS LATERAL WINDOW'
  ).split(' '),
);

function primary(source: QuerySource): LogicalPlan {
  const { tokens } = source;
  let plan: LogicalPlan;
  let name: string | undefined;
  if (tokens.accept('(')) {
    plan = tokens.at('SELECT') || tokens.at('WITH') || tokens.at('(') ? source.query() : parseRelation(source);
    tokens.expect(')');
  } else {
    name = tokens.name('a table');
    // There is one catalog and one schema: what stands before the last dot says nothing.
    while (tokens.accept('.')) name = tokens.name('a table');
    plan = source.table(name);
  }
  const next = tokens.peek();
  const hasAlias = tokens.accept('AS') || next.kind === 'quoted' || (next.kind === 'word' && !continuing.has(next.key));
  const alias = hasAlias ? tokens.name('an alias') : name;
  return alias === undefined ? plan : source.node({ kind: 'alias', child: plan, name: alias });
}
