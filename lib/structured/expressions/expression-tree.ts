import type { Expression, SortExpression, WindowSpecification } from './expression.ts';

/** The expressions directly below one; those of a query within it are not among them. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'literal':
    case 'name':
    case 'star':
      return [];
    case 'call':
      return e.filter === undefined ? e.args : [...e.args, e.filter];
    case 'udf':
      return e.args;
    case 'cast':
    case 'alias':
    case 'sort':
      return [e.child];
    case 'case':
      return [...e.branches.flat(), ...(e.otherwise === undefined ? [] : [e.otherwise])];
    case 'extract':
      return [e.child, e.key];
    case 'lambda':
      return [e.body];
    case 'over':
      return [e.child, ...e.window.partitionBy, ...e.window.orderBy];
    case 'subquery':
      return e.values;
    default:
      return e satisfies never;
  }
}

/** The same expression over other parts: `f` sees those that `partsOf` gives. */
export function mapParts(e: Expression, f: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'literal':
    case 'name':
    case 'star':
      return e;
    case 'call':
      return { ...e, args: e.args.map(f), ...(e.filter === undefined ? {} : { filter: f(e.filter) }) };
    case 'udf':
      return { ...e, args: e.args.map(f) };
    case 'cast':
    case 'alias':
    case 'sort':
      return { ...e, child: f(e.child) };
    case 'case':
      return {
        ...e,
        branches: e.branches.map(([condition, value]) => [f(condition), f(value)] as const),
        ...(e.otherwise === undefined ? {} : { otherwise: f(e.otherwise) }),
      };
    case 'extract':
      return { ...e, child: f(e.child), key: f(e.key) };
    case 'lambda':
      return { ...e, body: f(e.body) };
    case 'over':
      return { ...e, child: f(e.child), window: mapWindow(e.window, f) };
    case 'subquery':
      return { ...e, values: e.values.map(f) };
    default:
      return e satisfies never;
  }
}

function mapWindow(window: WindowSpecification, f: (part: Expression) => Expression): WindowSpecification {
  return {
    ...window,
    partitionBy: window.partitionBy.map(f),
    orderBy: window.orderBy.map((order): SortExpression => ({ ...order, child: f(order.child) })),
  };
}
