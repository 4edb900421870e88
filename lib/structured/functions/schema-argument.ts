import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { DataType } from '../types/data-type.ts';
import type { CallSite } from './define-function.ts';

/**
 * The text of an argument that must be a constant schema: a text, or a call of `schema_of_json` and such on constants, which is computed
 * while the query is analyzed.
 */
export function schemaText(name: string, args: readonly TypedExpression[], index: number, site: CallSite): string {
  const arg = args[index];
  if (arg?.kind === 'literal' && typeof arg.value === 'string' && arg.type.kind === 'string') return arg.value;
  const folded = arg?.kind === 'call' && arg.type.kind === 'string' ? foldedText(arg, site) : undefined;
  if (folded !== undefined) return folded;
  return raise('INVALID_SCHEMA.NON_STRING_LITERAL', {
    function: name,
    argument: arg?.kind === 'attribute' ? arg.name : `a value of the type ${arg?.type.kind ?? 'void'}`,
  });
}

function foldedText(call: TypedExpression & { kind: 'call' }, site: CallSite): string | undefined {
  const { body } = call.function;
  if (body.kind !== 'scalar' || call.function.deterministic === false) return undefined;
  const values = call.args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined));
  if (values.includes(undefined)) return undefined;
  const context = { batchTimestampUs: 0, partitionId: 0 };
  const options = call.options === undefined ? {} : { options: call.options };
  const text = body.bind({ ...site, ...options, args: call.args, type: call.type, context }).evaluate(...values);
  return typeof text === 'string' ? text : undefined;
}

/** Raises for an argument of options that is no map of constant texts. */
export function requireOptions(name: string, args: readonly TypedExpression[], index: number): void {
  const arg = args[index];
  if (arg === undefined) return;
  if (arg.type.kind !== 'map') raise('INVALID_OPTIONS.NON_MAP_FUNCTION', { function: name });
  raise('INVALID_OPTIONS.NON_STRING_TYPE', { function: name });
}

/** Data from outside may lack anything: NOT NULL in the schema is not believed. */
export function nullableEverywhere(type: DataType): DataType {
  switch (type.kind) {
    case 'struct':
      return {
        kind: 'struct',
        fields: type.fields.map(({ name, type: inner }) => ({ name, type: nullableEverywhere(inner), nullable: true })),
      };
    case 'array':
      return { ...type, element: nullableEverywhere(type.element), containsNull: true };
    case 'map':
      return { ...type, value: nullableEverywhere(type.value), valueContainsNull: true };
    default:
      return type;
  }
}
