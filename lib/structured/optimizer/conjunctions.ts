import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { findFunction } from '../functions/registry.ts';

/** The parts of a condition that must all be true. */
export function conjunctsOf(e: TypedExpression): readonly TypedExpression[] {
  return e.kind === 'call' && e.function.name === 'and' ? e.args.flatMap((arg) => conjunctsOf(arg)) : [e];
}

/** One condition of several; `undefined` of none. */
export function allOf(conditions: readonly TypedExpression[]): TypedExpression | undefined {
  const [first, ...rest] = conditions;
  if (first === undefined) return undefined;
  const and = findFunction('and') ?? raise('INTERNAL_INVARIANT', { what: 'there is no and' });
  return rest.reduce<TypedExpression>(
    (left, right) => ({
      kind: 'call',
      function: and,
      args: [left, right],
      type: { kind: 'boolean' },
      nullable: left.nullable || right.nullable,
    }),
    first,
  );
}
