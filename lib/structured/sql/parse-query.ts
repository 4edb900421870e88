import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { Expression, SortExpression } from '../expressions/expression.ts';
import { ExpressionParser } from './expression-parser.ts';
import { parseRelation, type QuerySource } from './relations.ts';
import { type Select, selectPlan } from './select-plan.ts';
import { TokenStream } from './token-stream.ts';

/** What a query needs of its session. */
export interface QueryTables {
  nextId(): number;
  /** The plan behind a name; raises when there is none. */
  requireView(name: string): LogicalPlan;
}

/**
 * The plan of a query in Spark's SQL: `SELECT` with `WITH`, joins, `WHERE`, `GROUP BY` (rollup and cube too), `HAVING`, `ORDER BY`,
 * `LIMIT`, `OFFSET`, and `UNION`, `EXCEPT`, `INTERSECT` of such.
 *
 * @example
 * parseQuery('SELECT k, count(*) AS n FROM items GROUP BY k HAVING n > 1', tables)
 */
export function parseQuery(text: string, tables: QueryTables): LogicalPlan {
  const tokens = new TokenStream(text);
  const plan = new QueryParser(tokens, tables).query();
  tokens.end();
  return plan;
}

class QueryParser implements QuerySource {
  readonly tokens: TokenStream;
  readonly expressions: ExpressionParser;
  readonly #tables: QueryTables;
  /** Names given by `WITH`, innermost last. */
  readonly #named: { readonly name: string; readonly plan: LogicalPlan }[] = [];

  constructor(tokens: TokenStream, tables: QueryTables) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
    this.#tables = tables;
  }

  node(node: LogicalNode): LogicalPlan {
    return { ...node, planId: this.#tables.nextId() };
  }

  table(name: string): LogicalPlan {
    const given = this.#named.findLast((known) => known.name === name.toLowerCase());
    return given?.plan ?? this.#tables.requireView(name);
  }

  query(): LogicalPlan {
    return this.tokens.nested(() => {
      const outside = this.#named.length;
      if (this.tokens.accept('WITH')) this.#with();
      const first = this.#term();
      const plan = 'items' in first ? this.#tail(first) : this.#limited(this.#sorted(first));
      this.#named.length = outside;
      return plan;
    });
  }

  #with(): void {
    const { tokens } = this;
    do {
      const name = tokens.name().toLowerCase();
      tokens.expect('AS', '(');
      const plan = this.query();
      tokens.expect(')');
      this.#named.push({ name, plan });
    } while (tokens.accept(','));
  }

  /** Set operations, then the order of the whole. A single SELECT sees its own columns in ORDER BY. */
  #tail(first: Select): LogicalPlan {
    const isAlone = !this.tokens.atAny(setOperations);
    if (isAlone) {
      const order = this.#order();
      return this.#limited(selectPlan({ ...first, order }, this));
    }
    return this.#limited(this.#sorted(this.#united(selectPlan(first, this))));
  }

  /** `UNION`, `EXCEPT` and `MINUS` from left to right; `INTERSECT` binds more tightly. */
  #united(first: LogicalPlan): LogicalPlan {
    const { tokens } = this;
    let left = this.#intersected(first);
    for (;;) {
      if (tokens.accept('UNION')) {
        const isAll = this.#isAll();
        const right = this.#intersected(this.#plainTerm());
        const union = this.node({ kind: 'union', left, right, byName: false, allowMissingColumns: false });
        left = isAll ? union : this.node({ kind: 'deduplicate', child: union, withinWatermark: false });
      } else if (tokens.accept('EXCEPT') || tokens.accept('MINUS')) {
        const isAll = this.#isAll();
        const right = this.#intersected(this.#plainTerm());
        left = this.node({ kind: 'setOperation', left, right, operation: 'except', isAll });
      } else {
        return left;
      }
    }
  }

  #intersected(first: LogicalPlan): LogicalPlan {
    let left = first;
    while (this.tokens.accept('INTERSECT')) {
      const isAll = this.#isAll();
      const right = this.#plainTerm();
      left = this.node({ kind: 'setOperation', left, right, operation: 'intersect', isAll });
    }
    return left;
  }

  #isAll(): boolean {
    if (this.tokens.accept('DISTINCT')) return false;
    return this.tokens.accept('ALL');
  }

  #plainTerm(): LogicalPlan {
    const term = this.#term();
    return 'items' in term ? selectPlan(term, this) : term;
  }

  /** A SELECT, or a query in brackets with the set operations behind it. */
  #term(): Select | LogicalPlan {
    const { tokens } = this;
    if (tokens.accept('(')) {
      const inner = this.query();
      tokens.expect(')');
      return this.#united(inner);
    }
    tokens.expect('SELECT');
    return this.#select();
  }

  #select(): Select {
    const { tokens, expressions } = this;
    const isDistinct = tokens.accept('DISTINCT');
    if (!isDistinct) tokens.accept('ALL');
    const items = [expressions.named()];
    while (tokens.accept(',')) items.push(expressions.named());
    const from = tokens.accept('FROM') ? parseRelation(this) : undefined;
    const where = tokens.accept('WHERE') ? expressions.expression() : undefined;
    const grouping = tokens.accept('GROUP', 'BY') ? this.#grouping() : undefined;
    const having = tokens.accept('HAVING') ? expressions.expression() : undefined;
    return {
      items,
      isDistinct,
      order: [],
      ...(from === undefined ? {} : { from }),
      ...(where === undefined ? {} : { where }),
      ...(grouping === undefined ? {} : { grouping }),
      ...(having === undefined ? {} : { having }),
    };
  }

  #grouping(): NonNullable<Select['grouping']> {
    const { tokens } = this;
    for (const type of ['rollup', 'cube'] as const) {
      if (!tokens.at(type.toUpperCase(), '(')) continue;
      tokens.next();
      tokens.next();
      const keys = this.#list();
      tokens.expect(')');
      return { keys, type };
    }
    const keys = this.#list();
    if (tokens.accept('WITH', 'ROLLUP')) return { keys, type: 'rollup' };
    return { keys, type: tokens.accept('WITH', 'CUBE') ? 'cube' : 'groupBy' };
  }

  #list(): readonly Expression[] {
    const list = [this.expressions.expression()];
    while (this.tokens.accept(',')) list.push(this.expressions.expression());
    return list;
  }

  #order(): readonly SortExpression[] {
    const { tokens } = this;
    if (!tokens.accept('ORDER', 'BY') && !tokens.accept('SORT', 'BY')) return [];
    const order: SortExpression[] = [];
    do {
      const child = this.expressions.expression();
      const ascending = !tokens.accept('DESC');
      if (ascending) tokens.accept('ASC');
      const nullsFirst = tokens.accept('NULLS', 'FIRST') || (!tokens.accept('NULLS', 'LAST') && ascending);
      order.push({ kind: 'sort', child, ascending, nullsFirst });
    } while (tokens.accept(','));
    return order;
  }

  #sorted(plan: LogicalPlan): LogicalPlan {
    const order = this.#order();
    return order.length === 0 ? plan : this.node({ kind: 'sort', child: plan, order });
  }

  #limited(plan: LogicalPlan): LogicalPlan {
    const { tokens } = this;
    const limit = tokens.accept('LIMIT') ? (tokens.accept('ALL') ? undefined : this.#number()) : undefined;
    const offset = tokens.accept('OFFSET') ? this.#number() : 0;
    if (limit === undefined && offset === 0) return plan;
    return this.node({ kind: 'limit', child: plan, count: limit ?? Infinity, offset });
  }

  #number(): number {
    const token = this.tokens.peek();
    const value = Number(token.value);
    if (token.kind !== 'number' || !Number.isSafeInteger(value)) this.tokens.fail(': a whole number is missing');
    this.tokens.next();
    return value;
  }
}

const setOperations: ReadonlySet<string> = new Set(['UNION', 'EXCEPT', 'MINUS', 'INTERSECT']);
