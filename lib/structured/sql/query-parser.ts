import { raise } from '../../kernel/errors.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import { logicalInputs } from '../plan/plan-inputs.ts';
import type { Expression, SortExpression, WindowSpecification } from '../expressions/expression.ts';
import { ExpressionParser } from './expression-parser.ts';
import { atQuery } from './grammar.ts';
import { groupingClause } from './grouping-clause.ts';
import type { Token } from './lexer.ts';
import { NamedQueries } from './named-queries.ts';
import type { QuerySource } from './query-source.ts';
import { parseRelation } from './relations.ts';
import { type Select, selectPlan } from './select-plan.ts';
import type { TokenStream } from './token-stream.ts';
import { valuesClause } from './values-clause.ts';
import { orderBy, windowSpecification } from './window-clause.ts';
import { withWindows } from './named-windows.ts';

/** What a text needs of its session: ids for the nodes of its plan. Views are looked up when the plan is analyzed. */
export interface PlanIds {
  nextId(): number;
}

/** How many nodes of a plan may stand above each other: everything behind the parser recurses. */
const MAX_PLAN_DEPTH = 400;
/** How many nodes a plan may have, a query that WITH names counted wherever it is used: each use doubles, and doubles again. */
const MAX_PLAN_NODES = 10_000;

interface PlanSize {
  readonly depth: number;
  readonly nodes: number;
}

const leaf: PlanSize = { depth: 1, nodes: 1 };

/** Reads queries, and the expressions within them: the one grammar behind `spark.sql`, `expr` and conditions as text. */
export class QueryParser implements QuerySource {
  readonly tokens: TokenStream;
  readonly expressions: ExpressionParser;
  readonly names = new NamedQueries();
  readonly #ids: PlanIds;
  readonly #sizes = new WeakMap<LogicalPlan, PlanSize>();

  constructor(tokens: TokenStream, ids: PlanIds) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, () => this.query());
    this.#ids = ids;
  }

  node(node: LogicalNode): LogicalPlan {
    const plan = { ...node, planId: this.#ids.nextId() };
    const inputs = logicalInputs(plan).map((input) => this.#sizes.get(input) ?? leaf);
    const depth = 1 + Math.max(0, ...inputs.map((input) => input.depth));
    const nodes = 1 + inputs.reduce((sum, input) => sum + input.nodes, 0);
    if (depth > MAX_PLAN_DEPTH) raise('FAILED_TO_PARSE_TOO_COMPLEX', { limit: MAX_PLAN_DEPTH });
    if (nodes > MAX_PLAN_NODES) raise('SQL_TEXT_TOO_LARGE', { limit: MAX_PLAN_NODES });
    this.#sizes.set(plan, { depth, nodes });
    return plan;
  }

  query(): LogicalPlan {
    return this.tokens.nested(() => {
      const outside = this.names.depth;
      const start = this.tokens.peek();
      if (this.tokens.accept('WITH')) this.#with(start);
      const first = this.#term();
      const plan =
        'items' in first ? this.#tail(first, start) : this.#limited(this.#sorted(this.#united(first, start)));
      this.names.forgetAbove(outside);
      return plan;
    });
  }

  #with(start: Token): void {
    const { tokens } = this;
    const isRecursive = tokens.at('RECURSIVE') && tokens.peek(1).kind === 'word' && tokens.peek(1).key !== 'AS';
    if (isRecursive) tokens.fail(': recursive queries are not supported');
    const given: string[] = [];
    do {
      const at = tokens.peek();
      const name = tokens.name();
      const columns = tokens.accept('(') ? this.#columnNames() : undefined;
      tokens.accept('AS');
      tokens.expect('(');
      const query = this.query();
      tokens.expect(')');
      const position = tokens.since(at);
      const plan = columns === undefined ? query : this.node({ kind: 'alias', child: query, columns, position });
      given.push(name.toLowerCase());
      this.names.add(name, plan);
    } while (tokens.accept(','));
    this.names.refuseDuplicates(given, { text: tokens.text, at: start.from, until: tokens.text.length });
  }

  #columnNames(): readonly string[] {
    const { tokens } = this;
    const names = [tokens.name('a column')];
    while (tokens.accept(',')) names.push(tokens.name('a column'));
    tokens.expect(')');
    return names;
  }

  /** Set operations, then the order of the whole. A single SELECT sees its own columns in ORDER BY. */
  #tail(first: Select, start: Token): LogicalPlan {
    if (!this.tokens.atAny(setOperations)) {
      const order = this.#order();
      const windows = this.#windows(first.windows);
      return this.#limited(selectPlan(withWindows({ ...first, order }, windows), this));
    }
    return this.#limited(this.#sorted(this.#united(this.#plan(first), start)));
  }

  #plan(select: Select): LogicalPlan {
    return selectPlan(withWindows(select, select.windows), this);
  }

  /** `UNION`, `EXCEPT` and `MINUS` from left to right; `INTERSECT` binds more tightly. */
  #united(first: LogicalPlan, start: Token): LogicalPlan {
    const { tokens } = this;
    let left = this.#intersected(first, start);
    for (;;) {
      const right = (): LogicalPlan => {
        const from = tokens.peek();
        return this.#intersected(this.#plainTerm(), from);
      };
      if (tokens.accept('UNION')) {
        const isAll = this.#isAll();
        const branches = { left, right: right(), byName: false, allowMissingColumns: false };
        const union = this.node({ kind: 'union', ...branches, position: tokens.since(start) });
        left = isAll ? union : this.node({ kind: 'deduplicate', child: union, withinWatermark: false });
      } else if (tokens.accept('EXCEPT') || tokens.accept('MINUS') || tokens.accept('SETMINUS')) {
        const isAll = this.#isAll();
        const sides = { left, right: right(), operation: 'except', isAll } as const;
        left = this.node({ kind: 'setOperation', ...sides, position: tokens.since(start) });
      } else {
        return left;
      }
    }
  }

  #intersected(first: LogicalPlan, start: Token): LogicalPlan {
    const { tokens } = this;
    let left = first;
    while (tokens.accept('INTERSECT')) {
      const isAll = this.#isAll();
      const sides = { left, right: this.#plainTerm(), operation: 'intersect', isAll } as const;
      left = this.node({ kind: 'setOperation', ...sides, position: tokens.since(start) });
    }
    return left;
  }

  #isAll(): boolean {
    if (this.tokens.accept('DISTINCT')) return false;
    return this.tokens.accept('ALL');
  }

  #plainTerm(): LogicalPlan {
    const term = this.#term();
    return 'items' in term ? this.#plan(term) : term;
  }

  /** A SELECT, VALUES, a table, or a query in brackets. */
  #term(): Select | LogicalPlan {
    const { tokens } = this;
    if (tokens.accept('(')) {
      const inner = this.query();
      tokens.expect(')');
      return inner;
    }
    if (tokens.at('VALUES') && atQuery(this)) return valuesClause(this);
    if (tokens.at('TABLE') && atQuery(this)) {
      tokens.next();
      return this.table();
    }
    if (tokens.at('FROM') && atQuery(this)) return this.#fromFirst();
    const start = tokens.peek();
    tokens.expect('SELECT');
    return this.#select(start);
  }

  /** `FROM items SELECT v`: what it reads from stands in front. */
  #fromFirst(): Select {
    const { tokens } = this;
    tokens.expect('FROM');
    const from = parseRelation(this);
    const start = tokens.peek();
    tokens.expect('SELECT');
    return this.#select(start, from);
  }

  table(): LogicalPlan {
    const { tokens } = this;
    const start = tokens.peek();
    const parts = [tokens.name('a table')];
    while (tokens.accept('.')) parts.push(tokens.name('a table'));
    const given = parts.length === 1 ? this.names.find(parts[0] ?? '') : undefined;
    return given ?? this.node({ kind: 'relation', parts, position: tokens.since(start) });
  }

  #select(start: Token, before?: LogicalPlan): Select {
    const { tokens, expressions } = this;
    const isDistinct = tokens.accept('DISTINCT');
    if (!isDistinct && tokens.peek(1).key !== ',' && tokens.peek(1).key !== 'FROM') tokens.accept('ALL');
    const items = [expressions.named()];
    while (tokens.accept(',')) items.push(expressions.named());
    const from = before ?? (tokens.accept('FROM') ? parseRelation(this) : undefined);
    const where = tokens.accept('WHERE') ? expressions.expression() : undefined;
    const filtered = tokens.since(start);
    const grouping = tokens.accept('GROUP', 'BY') ? groupingClause(this) : undefined;
    const having = tokens.accept('HAVING') ? expressions.expression() : undefined;
    return {
      items,
      isDistinct,
      order: [],
      windows: this.#windows(new Map()),
      position: tokens.since(start),
      filterPosition: filtered,
      ...(from === undefined ? {} : { from }),
      ...(where === undefined ? {} : { where }),
      ...(grouping === undefined ? {} : { grouping }),
      ...(having === undefined ? {} : { having }),
    };
  }

  /** `WINDOW w AS (PARTITION BY k), x AS (w)`; may stand behind HAVING and behind ORDER BY. */
  #windows(before: Select['windows']): Select['windows'] {
    const { tokens } = this;
    if (!tokens.at('WINDOW') || tokens.peek(2).key !== 'AS') return before;
    tokens.next();
    const windows = new Map<string, WindowSpecification>(before);
    do {
      const name = tokens.name('a window').toLowerCase();
      tokens.expect('AS');
      windows.set(name, windowSpecification(this.expressions));
    } while (tokens.accept(','));
    return windows;
  }

  #order(): readonly SortExpression[] {
    const { tokens } = this;
    if (tokens.at('ORDER', 'BY') || tokens.at('SORT', 'BY')) return orderBy(this.expressions);
    for (const clause of ['CLUSTER', 'DISTRIBUTE']) {
      // Where a row is computed says nothing here: the order of CLUSTER BY is what is left of it.
      if (!tokens.accept(clause, 'BY')) continue;
      const keys = [this.expressions.expression()];
      while (tokens.accept(',')) keys.push(this.expressions.expression());
      if (clause === 'CLUSTER') return keys.map(ascending);
    }
    return tokens.at('SORT', 'BY') ? orderBy(this.expressions) : [];
  }

  #sorted(plan: LogicalPlan): LogicalPlan {
    const order = this.#order();
    return order.length === 0 ? plan : this.node({ kind: 'sort', child: plan, order });
  }

  #limited(plan: LogicalPlan): LogicalPlan {
    const { tokens, expressions } = this;
    const isLimited = tokens.accept('LIMIT') && !tokens.accept('ALL');
    const count = isLimited ? wholeNumber(expressions.expression()) : Infinity;
    const offset = tokens.accept('OFFSET') ? wholeNumber(expressions.expression()) : 0;
    if (count === Infinity && offset === 0) return plan;
    return this.node({ kind: 'limit', child: plan, count, offset });
  }
}

function ascending(child: Expression): SortExpression {
  return { kind: 'sort', child, ascending: true, nullsFirst: true };
}

/** The number itself where one was written; anything else is computed when the plan is analyzed. */
function wholeNumber(e: Expression): number | Expression {
  return e.kind === 'literal' && e.type.kind === 'int' && typeof e.value === 'number' && e.value >= 0 ? e.value : e;
}

const setOperations: ReadonlySet<string> = new Set(['UNION', 'EXCEPT', 'MINUS', 'SETMINUS', 'INTERSECT']);
