import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import { balanced, type Grammar, call } from './grammar.ts';
import { predicate } from './predicates.ts';
import { primary } from './primary.ts';
import type { TokenStream } from './token-stream.ts';

/** Binary operators from the loosest to the tightest; what is behind `NOT` and a predicate lies between AND and the comparisons. */
const COMPARISON = 1;
const operators: ReadonlyMap<string, readonly [level: number, name: string]> = new Map<
  string,
  readonly [number, string]
>([
  ...['=', '==', '<=>', '<>', '!=', '<', '<=', '!>', '>', '>=', '!<'].map(
    (symbol) => [symbol, [COMPARISON, comparisonName(symbol)]] as const,
  ),
  ['|', [2, '|']],
  ['^', [3, '^']],
  ['&', [4, '&']],
  ['<<', [5, '<<']],
  ['>>', [5, '>>']],
  ['>>>', [5, '>>>']],
  ['+', [6, '+']],
  ['-', [6, '-']],
  ['||', [6, 'concat']],
  ['*', [7, '*']],
  ['/', [7, '/']],
  ['%', [7, '%']],
  ['DIV', [7, 'div']],
]);

function comparisonName(symbol: string): string {
  const same: Readonly<Record<string, string>> = { '==': '=', '!>': '<=', '!<': '>=', '<>': '!=' };
  return same[symbol] ?? symbol;
}

/** Words that go on with a query, and so are no alias without AS. */
const clauses = new Set(
  (
    'FROM WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET UNION EXCEPT MINUS INTERSECT JOIN INNER LEFT RIGHT FULL ' +
    'CROSS NATURAL LATERAL ON USING WINDOW SEMI ANTI AND OR NOT BETWEEN IN LIKE ILIKE RLIKE REGEXP IS DIV WHEN THEN ELSE END ' +
    'ASC DESC NULLS ROWS RANGE AS PIVOT UNPIVOT TABLESAMPLE FOR PLACING ESCAPE FILTER OVER WITHIN SETMINUS'
  ).split(' '),
);

/** `a + b + c + ...` makes a tree as deep as it is long. */
const MAX_CHAIN = 1000;

/**
 * Spark's expressions, by precedence climbing: `OR`, `AND`, `NOT`, predicates (`IS NULL`, `IN`, `LIKE`, `BETWEEN`), comparisons, `|`,
 * `^`, `&`, shifts, `+ - ||`, `* / % DIV`, signs, and what stands for a value.
 */
export class ExpressionParser implements Grammar {
  readonly tokens: TokenStream;
  readonly query: () => LogicalPlan;

  constructor(tokens: TokenStream, query: () => LogicalPlan) {
    this.tokens = tokens;
    this.query = query;
  }

  // Bound, so that parts of the grammar can take what they need.
  readonly named = (): Expression => {
    const { tokens } = this;
    const expression = this.expression();
    const hasAs = tokens.accept('AS');
    if (hasAs && tokens.accept('(')) {
      const names: string[] = [];
      do names.push(tokens.name('an alias'));
      while (tokens.accept(','));
      tokens.expect(')');
      return { kind: 'alias', child: expression, names };
    }
    const next = tokens.peek();
    // A word that goes on with a query, and nothing behind it: Spark reads an alias.
    const isAlias =
      hasAs ||
      next.kind === 'quoted' ||
      (next.kind === 'word' && (!clauses.has(next.key) || (next.key === 'FROM' && tokens.peek(1).kind === 'end')));
    return isAlias ? { kind: 'alias', child: expression, names: [tokens.name('an alias')] } : expression;
  };

  readonly expression = (): Expression => this.tokens.nested(() => this.disjunction());

  readonly value = (): Expression => this.tokens.nested(() => this.binary(COMPARISON));

  private disjunction(): Expression {
    return this.list('OR', 'or', () => this.list('AND', 'and', () => this.negation()));
  }

  /** A long chain of AND or OR becomes a balanced tree, as in Spark: thousands of terms nest a dozen levels deep. */
  private list(keyword: string, name: string, term: () => Expression): Expression {
    const terms = [term()];
    while (this.tokens.accept(keyword)) terms.push(term());
    return balanced(name, terms);
  }

  private negation(): Expression {
    const { tokens } = this;
    if (!tokens.at('NOT') && !tokens.at('!')) return predicate(this, this.value());
    tokens.next();
    return call(
      'not',
      tokens.nested(() => this.negation()),
    );
  }

  private binary(least: number): Expression {
    const { tokens } = this;
    const start = tokens.peek();
    let left = this.unary();
    for (let length = 0; ; length++) {
      const token = tokens.peek();
      const operator = operators.get(token.key);
      if (operator === undefined || operator[0] < least) return left;
      if (length === MAX_CHAIN) raise('FAILED_TO_PARSE_TOO_COMPLEX', { limit: MAX_CHAIN });
      tokens.next();
      const [level, name] = operator;
      const right = this.binary(level + 1);
      const position = tokens.since(start);
      left =
        name === '!='
          ? call('not', { kind: 'call', name: '=', args: [left, right], position })
          : { kind: 'call', name, args: [left, right], position };
    }
  }

  private unary(): Expression {
    const { tokens } = this;
    const { key } = tokens.peek();
    if (key === '-' && tokens.peek(1).kind === 'number') return primary(this, true);
    if (key !== '-' && key !== '+' && key !== '~') return primary(this, false);
    const start = tokens.next();
    const child = tokens.nested(() => this.unary());
    const name = key === '-' ? 'negative' : key === '+' ? 'positive' : '~';
    return { kind: 'call', name, args: [child], position: tokens.since(start) };
  }
}
