import type { TypedExpression } from './typed-expression.ts';

/** The expressions directly below one, in the order in which `withChildren` takes them. */
export function childrenOf(e: TypedExpression): readonly TypedExpression[] {
  switch (e.kind) {
    case 'literal':
    case 'attribute':
    case 'variable':
      return [];
    case 'call':
    case 'udf':
      return e.args;
    case 'cast':
      return [e.child];
    case 'case':
      return [...e.branches.flat(), e.otherwise];
    case 'extract':
      return 'key' in e.access ? [e.child, e.access.key] : [e.child];
    case 'lambda':
      return [e.body];
    case 'aggregate':
      return e.filter === undefined ? e.args : [...e.args, e.filter];
    default:
      return e satisfies never;
  }
}

/** The same expression over other children, as many as it has. Types are not derived again: the children must keep theirs. */
function withChildren(e: TypedExpression, children: readonly TypedExpression[]): TypedExpression {
  const at = (i: number): TypedExpression => children[i] as TypedExpression;
  switch (e.kind) {
    case 'literal':
    case 'attribute':
    case 'variable':
      return e;
    case 'call':
    case 'udf':
      return { ...e, args: children };
    case 'cast':
      return { ...e, child: at(0) };
    case 'case':
      return {
        ...e,
        branches: e.branches.map((_, i) => [at(2 * i), at(2 * i + 1)] as const),
        otherwise: at(children.length - 1),
      };
    case 'extract':
      return 'key' in e.access ? { ...e, child: at(0), access: { ...e.access, key: at(1) } } : { ...e, child: at(0) };
    case 'lambda':
      return { ...e, body: at(0) };
    case 'aggregate':
      return e.filter === undefined
        ? { ...e, args: children }
        : { ...e, args: children.slice(0, -1), filter: at(children.length - 1) };
    default:
      return e satisfies never;
  }
}

/** Replaces from the leaves up: `f` sees each node with its children already replaced. Unchanged parts stay the same objects. */
export function transformUp(e: TypedExpression, f: (node: TypedExpression) => TypedExpression): TypedExpression {
  return f(mapChildren(e, (child) => transformUp(child, f)));
}

/** Replaces from the root down: where `f` gives an expression, that stands and is not looked into; `undefined` goes on below. */
export function transformDown(
  e: TypedExpression,
  f: (node: TypedExpression) => TypedExpression | undefined,
): TypedExpression {
  return f(e) ?? mapChildren(e, (child) => transformDown(child, f));
}

function mapChildren(e: TypedExpression, f: (child: TypedExpression) => TypedExpression): TypedExpression {
  const children = childrenOf(e);
  if (children.length === 0) return e;
  const mapped = children.map(f);
  return mapped.every((child, i) => child === children[i]) ? e : withChildren(e, mapped);
}

/** Whether the expression or one below it fulfils `test`. */
export function anyIn(e: TypedExpression, test: (node: TypedExpression) => boolean): boolean {
  return test(e) || childrenOf(e).some((child) => anyIn(child, test));
}

/** Ids of the attributes that an expression reads. */
export function referencesOf(e: TypedExpression, into: Set<number> = new Set()): Set<number> {
  if (e.kind === 'attribute') into.add(e.id);
  for (const child of childrenOf(e)) referencesOf(child, into);
  return into;
}

/** Gives the same result for the same row, always: may be evaluated elsewhere, or another number of times. */
export function isDeterministic(e: TypedExpression): boolean {
  return !anyIn(
    e,
    (node) =>
      (node.kind === 'call' && node.function.deterministic === false && !ofBatch.has(node.function.name)) ||
      (node.kind === 'udf' && !node.deterministic),
  );
}

/** One value for a whole batch: may be evaluated anywhere in it. */
const ofBatch = new Set(['current_timestamp', 'current_date', 'current_time', 'localtimestamp']);

/** Whether two expressions mean the same: names and qualifiers of attributes do not count, their ids do. */
export function sameExpression(a: TypedExpression, b: TypedExpression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameHead(a, b)) return false;
  const left = childrenOf(a);
  const right = childrenOf(b);
  return left.length === right.length && left.every((child, i) => sameExpression(child, right[i] as TypedExpression));
}

function sameHead(a: TypedExpression, b: TypedExpression): boolean {
  if (a.kind === 'attribute' && b.kind === 'attribute') return a.id === b.id;
  if (a.kind === 'variable' && b.kind === 'variable') return a.id === b.id;
  if (a.kind === 'literal' && b.kind === 'literal') return sameData(a.type, b.type) && sameData(a.value, b.value);
  if (a.kind === 'call' && b.kind === 'call')
    return a.function === b.function && sameData(a.options, b.options) && isRepeatable(a);
  if (a.kind === 'aggregate' && b.kind === 'aggregate') {
    return (
      a.function === b.function &&
      a.distinct === b.distinct &&
      (a.filter === undefined) === (b.filter === undefined) &&
      sameData(a.options, b.options)
    );
  }
  if (a.kind === 'cast' && b.kind === 'cast') return a.mode === b.mode && sameData(a.type, b.type);
  if (a.kind === 'extract' && b.kind === 'extract') {
    return (
      a.access.kind === b.access.kind &&
      ('index' in a.access ? a.access.index : undefined) === ('index' in b.access ? b.access.index : undefined)
    );
  }
  if (a.kind === 'udf' && b.kind === 'udf') return a.call === b.call && a.deterministic && b.deterministic;
  return a.kind === 'case';
}

/** Two calls of `rand()` are two columns. */
function isRepeatable(e: TypedExpression): boolean {
  return e.kind !== 'call' || e.function.deterministic !== false;
}

/** Equality of plain data: types, literal values, option maps. `NaN` equals itself. */
function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array !== b instanceof Uint8Array || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameData((a as Keyed)[key], (b as Keyed)[key]))
  );
}

type Keyed = Readonly<Record<string, unknown>>;
