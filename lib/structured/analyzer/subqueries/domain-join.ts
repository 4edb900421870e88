import { raise } from '../../../kernel/errors.ts';
import type { Attribute, NamedExpression, SortOrder, TypedExpression } from '../../expressions/typed-expression.ts';
import { transformUp } from '../../expressions/typed-tree.ts';
import { findFunction } from '../../functions/registry.ts';
import { allOf } from '../../optimizer/conjunctions.ts';
import { builtCall } from '../built-call.ts';
import { mapExpressions, withNewIds } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { passedOn, projectOver } from '../select-items.ts';
import { type OuterIds, outerReferences } from './outer-references.ts';

/** A subquery computed for each of the values that the query around it gives; they follow its columns, as `domain`. */
export interface Domained {
  readonly plan: ResolvedPlan;
  readonly domain: readonly Attribute[];
}

/**
 * Computes a subquery for all outer values at once: each of its inputs is joined with the distinct values of the outer columns that it
 * uses, and from there on every row says for which of them it is. Groups, limits and windows are then those of one outer value.
 *
 * Nothing is lost but work: equalities with outer columns become keys of these joins when filters are pushed down.
 */
export function domainJoin(plan: ResolvedPlan, outerPlan: ResolvedPlan, nextId: () => number): Domained {
  const outer: OuterIds = new Set(outerPlan.output.map(({ id }) => id));
  return new Domain(outerReferences(plan, outer), outerPlan, outer, nextId).of(plan);
}

class Domain {
  readonly #columns: readonly Attribute[];
  readonly #source: ResolvedPlan;
  readonly #outer: OuterIds;
  readonly #nextId: () => number;

  constructor(columns: readonly Attribute[], source: ResolvedPlan, outer: OuterIds, nextId: () => number) {
    this.#columns = columns;
    this.#source = source;
    this.#outer = outer;
    this.#nextId = nextId;
  }

  of(plan: ResolvedPlan): Domained {
    if (outerReferences(plan, this.#outer).length === 0) return this.#crossed(plan);
    switch (plan.kind) {
      case 'filter':
      case 'generate':
      case 'sort':
      case 'sample':
        return this.#over(plan);
      case 'project': {
        const { plan: child, domain } = this.of(plan.child);
        const columns = plan.columns.map((column) => ({
          ...column,
          expression: this.#inner(column.expression, domain),
        }));
        return { plan: projectOver(child, [...columns, ...domain.map(passedOn)]), domain };
      }
      case 'deduplicate': {
        const { plan: child, domain } = this.of(plan.child);
        return { plan: { ...plan, child, keys: [...plan.keys, ...domain], output: child.output }, domain };
      }
      case 'aggregate':
        return this.#aggregate(plan);
      case 'windowFunctions': {
        const { plan: child, domain } = this.of(plan.child);
        const mapped = this.#mapped(plan, domain);
        if (mapped.kind !== 'windowFunctions') return this.#refuse(plan);
        const given = plan.functions.map(({ attribute }) => attribute);
        const output = [...child.output, ...given];
        return { plan: { ...mapped, child, partitionBy: [...mapped.partitionBy, ...domain], output }, domain };
      }
      case 'limit':
        return this.#limit(plan);
      case 'join':
        return this.#join(plan);
      case 'union': {
        const branches = plan.children.map((child) => this.of(child));
        const domain = this.#columns.map((column) => this.#copy(column));
        const children = branches.map((branch) => projectOver(branch.plan, inOrder(branch, branch.plan).map(passedOn)));
        return { plan: { ...plan, children, output: [...plan.output, ...domain] }, domain };
      }
      case 'setOperation': {
        const [left, right] = [this.of(plan.left), this.of(plan.right)];
        const sides = [left, right].map((side) => projectOver(side.plan, inOrder(side, side.plan).map(passedOn)));
        const [a, b] = sides as [ResolvedPlan, ResolvedPlan];
        return { plan: { ...plan, left: a, right: b, output: a.output }, domain: left.domain };
      }
      default:
        return this.#refuse(plan);
    }
  }

  /** The distinct outer values, as columns of their own. */
  #values(): Domained {
    const { plan, ids } = withNewIds(this.#source, this.#nextId);
    const byId = new Map(plan.output.map((attribute) => [attribute.id, attribute]));
    const source = this.#columns.map((column) => byId.get(ids.get(column.id) ?? -1) ?? column);
    const domain = this.#columns.map((column) => this.#copy(column));
    const projected = projectOver(
      plan,
      domain.map((attribute, i) => ({ expression: source[i] as Attribute, attribute })),
    );
    return {
      plan: {
        kind: 'deduplicate',
        child: projected,
        keys: domain,
        withinWatermark: false,
        output: domain,
        isStreaming: false,
      },
      domain,
    };
  }

  #copy(column: Attribute): Attribute {
    const { watermarkDelayMs: _, ...plain } = column;
    return { ...plain, id: this.#nextId(), qualifier: [] };
  }

  #crossed(plan: ResolvedPlan): Domained {
    const { plan: values, domain } = this.#values();
    const output = [...plan.output, ...domain];
    return { plan: { kind: 'join', left: plan, right: values, how: 'cross', output, isStreaming: false }, domain };
  }

  /** The expression with the values of the domain in place of outer columns. */
  #inner(e: TypedExpression, domain: readonly Attribute[]): TypedExpression {
    return transformUp(e, (part) => {
      if (part.kind !== 'attribute') return part;
      const index = this.#columns.findIndex(({ id }) => id === part.id);
      return domain[index] ?? part;
    });
  }

  #mapped(plan: ResolvedPlan, domain: readonly Attribute[]): ResolvedPlan {
    return mapExpressions(plan, (e) => this.#inner(e, domain));
  }

  #over(plan: Extract<ResolvedPlan, { kind: 'filter' | 'generate' | 'sort' | 'sample' }>): Domained {
    const { plan: child, domain } = this.of(plan.child);
    const mapped = this.#mapped(plan, domain) as typeof plan;
    const own = plan.kind === 'generate' ? plan.columns : [];
    return { plan: { ...mapped, child, output: [...child.output, ...own] }, domain };
  }

  /** Groups are those of one outer value. Without keys there is one even of no rows, so those values come in from the side. */
  #aggregate(plan: Extract<ResolvedPlan, { kind: 'aggregate' }>): Domained {
    if (plan.session !== undefined) return this.#refuse(plan);
    const below = this.of(plan.child);
    const mapped = this.#mapped(plan, below.domain) as typeof plan;
    const given = plan.aggregates.map(({ attribute }) => attribute);
    if (plan.keys.length > 0) {
      const keys = [...mapped.keys, ...below.domain];
      return { plan: { ...mapped, child: below.plan, keys, output: [...keys, ...given] }, domain: below.domain };
    }
    const { plan: values, domain } = this.#values();
    const there: Attribute = {
      kind: 'attribute',
      id: this.#nextId(),
      name: 'there',
      type: { kind: 'boolean' },
      nullable: false,
      qualifier: [],
    };
    const marked = projectOver(below.plan, [
      ...below.plan.output.map(passedOn),
      { expression: { kind: 'literal', value: true, type: { kind: 'boolean' }, nullable: false }, attribute: there },
    ]);
    const right = marked.output.map((attribute) => ({ ...attribute, nullable: true }));
    const child: ResolvedPlan = {
      kind: 'join',
      left: values,
      right: marked,
      how: 'left',
      ...sameValues(domain, below.domain),
      output: [...values.output, ...right],
      isStreaming: false,
    };
    const isThere = builtCall('isnotnull', [{ ...there, nullable: true }]);
    const aggregates = mapped.aggregates.map(({ expression, attribute }): NamedExpression => {
      if (expression.kind !== 'aggregate') return { expression, attribute };
      const filter = expression.filter === undefined ? isThere : builtCall('and', [isThere, expression.filter]);
      return { expression: { ...expression, filter }, attribute };
    });
    return { plan: { ...mapped, child, keys: domain, aggregates, output: [...domain, ...given] }, domain };
  }

  /** A limit counts the rows of each outer value, in the order of a sort just below it. */
  #limit(plan: Extract<ResolvedPlan, { kind: 'limit' }>): Domained {
    const { plan: child, domain } = this.of(plan.child);
    const rowNumber = findFunction('row_number') ?? raise('INTERNAL_INVARIANT', { what: 'there is no row_number' });
    const number: Attribute = {
      kind: 'attribute',
      id: this.#nextId(),
      name: 'row_number',
      type: { kind: 'int' },
      nullable: false,
      qualifier: [],
    };
    const numbered: ResolvedPlan = {
      kind: 'windowFunctions',
      child,
      partitionBy: domain,
      orderBy: orderOf(child),
      functions: [
        {
          expression: { kind: 'call', function: rowNumber, args: [], type: { kind: 'int' }, nullable: false },
          attribute: number,
        },
      ],
      output: [...child.output, number],
      isStreaming: false,
    };
    const bounds = [
      ...(plan.offset > 0 ? [builtCall('>', [number, intLiteral(plan.offset)])] : []),
      ...(Number.isFinite(plan.count) ? [builtCall('<=', [number, intLiteral(plan.offset + plan.count)])] : []),
    ];
    const condition = allOf(bounds);
    const { output, isStreaming } = numbered;
    const kept: ResolvedPlan =
      condition === undefined ? numbered : { kind: 'filter', child: numbered, condition, output, isStreaming };
    return { plan: projectOver(kept, child.output.map(passedOn)), domain };
  }

  /** Both sides for the same outer value. */
  #join(plan: Extract<ResolvedPlan, { kind: 'join' }>): Domained {
    if (plan.how === 'full' || plan.how === 'right') return this.#refuse(plan);
    const [left, right] = [this.of(plan.left), this.of(plan.right)];
    const mapped = this.#mapped(plan, left.domain) as typeof plan;
    const { condition } = sameValues(left.domain, right.domain);
    const all = allOf([condition, mapped.condition].filter((part) => part !== undefined));
    const isLeftOnly = plan.how === 'leftSemi' || plan.how === 'leftAnti' || plan.how === 'existence';
    const own = isLeftOnly ? (plan.exists === undefined ? [] : [plan.exists]) : right.plan.output;
    return {
      plan: {
        ...mapped,
        left: left.plan,
        right: right.plan,
        how: plan.how === 'cross' ? 'inner' : plan.how,
        ...(all === undefined ? {} : { condition: all }),
        output: [...left.plan.output, ...own],
      },
      domain: left.domain,
    };
  }

  #refuse(plan: ResolvedPlan): never {
    const sqlExprs = this.#columns.map(({ name }) => name).join(', ');
    return raise('UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE', {
      sqlExprs: `${sqlExprs} in ${plan.kind}`,
    });
  }
}

/** The conditions under which two lists of outer values are the same. */
export function sameValues(a: readonly Attribute[], b: readonly Attribute[]): { readonly condition?: TypedExpression } {
  const condition = allOf(a.map((column, i) => builtCall('<=>', [column, b[i] as Attribute])));
  return condition === undefined ? {} : { condition };
}

/** The columns of a plan with those of its domain behind the others. */
function inOrder({ domain }: Domained, { output }: ResolvedPlan): readonly Attribute[] {
  const ids = new Set(domain.map(({ id }) => id));
  return [...output.filter(({ id }) => !ids.has(id)), ...domain];
}

function orderOf(plan: ResolvedPlan): readonly SortOrder[] {
  if (plan.kind === 'sort') return plan.order;
  return plan.kind === 'project' ? orderOf(plan.child) : [];
}

function intLiteral(value: number): TypedExpression {
  return { kind: 'literal', value, type: { kind: 'int' }, nullable: false };
}
