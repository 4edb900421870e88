import { raise } from '../../../../kernel/errors.ts';
import type { TypedExpression } from '../../../expressions/typed-expression.ts';
import { type AtomicName, arrayType, atomic } from '../../../types/type-classes.ts';
import type { DataType } from '../../../types/data-type.ts';
import type { ResolvedSignature } from '../../define-function.ts';
import { canCastImplicitly, constantOf, requireConstant, unexpected } from '../../signatures.ts';

const DEFAULT_K = 200;
const [leastK, mostK] = [8, 65_535];

/** How large a sketch is made. */
export function kOf(name: string, args: readonly TypedExpression[]): number {
  const k = constantOf(name, args, 1);
  if (k === undefined) return DEFAULT_K;
  if (k === null) raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: name });
  if (!(Number(k) >= leastK && Number(k) <= mostK)) {
    raise('DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT', {
      function: name,
      problem: `the k of a sketch is ${k as number}`,
      mend: `Use a k of ${leastK} to ${mostK}`,
    });
  }
  return Number(k);
}

/** What can be said of k before constants are computed: `4 + 4` is a call yet. */
export function checkK(name: string, args: readonly TypedExpression[]): void {
  const [, k] = args;
  if (k === undefined) return;
  if (k.type.kind !== 'int' && k.type.kind !== 'void') unexpected(name, 1, k, 'INT');
  requireConstant(name, 1, k);
  if (k.kind === 'literal') kOf(name, args);
}

/** The types where one value or an array of them is asked for, and one result or an array of them comes out. */
export function oneOrMany(
  name: string,
  args: readonly TypedExpression[],
  wanted: AtomicName,
  returns: AtomicName,
): ResolvedSignature {
  const asked = args[1] as TypedExpression;
  const target = atomic(wanted);
  const isMany = asked.type.kind === 'array';
  const given: DataType = asked.type.kind === 'array' ? asked.type.element : asked.type;
  const mayBeNull = asked.type.kind === 'array' && asked.type.containsNull && given.kind !== 'void';
  if (mayBeNull || !canCastImplicitly(given, target)) {
    const text = wanted.toUpperCase();
    unexpected(name, 1, asked, `${text} or ARRAY<${text}>`);
  }
  requireConstant(name, 1, asked);
  const many = (type: DataType): DataType => (isMany ? arrayType(type, false) : type);
  return { args: [atomic('binary'), many(target)], type: many(atomic(returns)) };
}
