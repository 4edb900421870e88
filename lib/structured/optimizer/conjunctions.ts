import { raise } from '../../kernel/errors.ts';
import type { TypedCall, TypedExpression } from '../expressions/typed-expression.ts';
import type { FunctionDefinition } from '../functions/define-function.ts';
import { findFunction } from '../functions/registry.ts';

/** The parts of a condition that must all be true. BETWEEN is two of them: each bounds a time in a join by itself. */
export function conjunctsOf(e: TypedExpression): readonly TypedExpression[] {
  if (e.kind !== 'call') return [e];
  if (e.function.name === 'and') return e.args.flatMap((arg) => conjunctsOf(arg));
  return e.function.name === 'between' ? boundsOf(e) : [e];
}

/** `a >= low`, `a <= high`, where evaluating `a` twice costs nothing. */
function boundsOf(e: TypedCall): readonly TypedExpression[] {
  const [value, low, high] = e.args;
  const above = findFunction('>=');
  const below = findFunction('<=');
  const isCheap = value?.kind === 'attribute' || (value?.kind === 'cast' && value.child.kind === 'attribute');
  if (!isCheap || low === undefined || high === undefined || above === undefined || below === undefined) return [e];
  const compare = (comparison: FunctionDefinition, bound: TypedExpression): TypedCall => ({
    kind: 'call',
    function: comparison,
    args: [value, bound],
    type: { kind: 'boolean' },
    nullable: value.nullable || bound.nullable,
  });
  return [compare(above, low), compare(below, high)];
}

/** One condition of several, as a balanced tree: thousands of them nest a dozen levels deep. `undefined` of none. */
export function allOf(conditions: readonly TypedExpression[]): TypedExpression | undefined {
  const and = findFunction('and') ?? raise('INTERNAL_INVARIANT', { what: 'there is no and' });
  return conditions.length === 0 ? undefined : balanced(and, conditions, 0, conditions.length - 1);
}

function balanced(
  and: FunctionDefinition,
  conditions: readonly TypedExpression[],
  from: number,
  until: number,
): TypedExpression {
  if (from === until) return conditions[from] as TypedExpression;
  const middle = from + Math.floor((until - from) / 2);
  const args = [balanced(and, conditions, from, middle), balanced(and, conditions, middle + 1, until)];
  return {
    kind: 'call',
    function: and,
    args,
    type: { kind: 'boolean' },
    nullable: args.some(({ nullable }) => nullable),
  };
}
