import { raise } from '../../kernel/errors.ts';
import type { TypedCall, TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import { findFunction } from '../functions/registry.ts';
import { castTo } from './cast-to.ts';

/** A call of a built-in function that nobody wrote; arguments are cast to what it takes. */
export function builtCall(
  name: string,
  args: readonly TypedExpression[],
  site: CallSite = { ansi: true, timeZone: 'UTC' },
): TypedCall {
  const definition = findFunction(name) ?? raise('INTERNAL_INVARIANT', { what: `there is no ${name}` });
  const signature = definition.resolve(args, site);
  const casted = args.map((arg, i) => castTo(arg, signature.args[i] ?? arg.type, site));
  const nullable = signature.nullable ?? casted.some((arg) => arg.nullable);
  return { kind: 'call', function: definition, args: casted, type: signature.type, nullable };
}
