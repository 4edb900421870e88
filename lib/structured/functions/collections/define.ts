import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { type Dialect, commonWiderType, widerTypeWithoutText } from '../../types/coercion.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { DataType } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition, ScalarFunction } from '../define-function.ts';
import { unexpected } from '../signatures.ts';

export type ArrayDataType = DataType & { readonly kind: 'array' };
export type MapDataType = DataType & { readonly kind: 'map' };

/** The types of arguments, as errors name them. */
export function typesText(args: readonly TypedExpression[]): string {
  return args.map(({ type }) => sqlTypeText(type)).join(' and ');
}

/** Raises when the lambda at a place gives no truth value. */
export function requireBoolean(name: string, args: readonly TypedExpression[], index: number): void {
  const arg = args[index];
  if (arg !== undefined && arg.type.kind !== 'boolean' && arg.type.kind !== 'void') {
    unexpected(name, index, arg, 'BOOLEAN');
  }
}

/** Raises for a type without an order: a map, and what holds one. */
export function requireOrder(name: string, type: DataType): void {
  if (hasMap(type))
    raise('DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', { functionName: name, dataType: `"${sqlTypeText(type)}"` });
}

/** Whether a type is a map or holds one. */
export function hasMap(type: DataType): boolean {
  if (type.kind === 'array') return hasMap(type.element);
  if (type.kind === 'struct') return type.fields.some((field) => hasMap(field.type));
  return type.kind === 'map';
}

/** The type of all elements of a collection that is written out; raises when there is none. */
export function commonElement(name: string, values: readonly TypedExpression[], dialect: Dialect): DataType {
  const types = values.map(({ type }) => type);
  return (
    commonWiderType(types, dialect) ??
    raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', { function: name, actual: types.map(sqlTypeText).join(', ') })
  );
}

/** The array type of an argument; an error that names it for any other. A null is an array of nulls. */
export function arrayOf(name: string, args: readonly TypedExpression[], index: number): ArrayDataType {
  const arg = args[index];
  if (arg?.type.kind === 'array') return arg.type;
  if (arg === undefined || arg.type.kind === 'void') return arrayType(atomic('void'));
  return unexpected(name, index, arg, 'ARRAY');
}

export function mapOf(name: string, args: readonly TypedExpression[], index: number): MapDataType {
  const arg = args[index];
  if (arg?.type.kind === 'map') return arg.type;
  if (arg === undefined || arg.type.kind === 'void') {
    return { kind: 'map', key: atomic('void'), value: atomic('void'), valueContainsNull: true };
  }
  return unexpected(name, index, arg, 'MAP');
}

/** The map of a call whose second argument is a key: with keys of the type that holds both. */
export function mapAndKey(name: string, args: readonly TypedExpression[], dialect: Dialect): MapDataType {
  const map = mapOf(name, args, 0);
  const key = widerTypeWithoutText(map.key, args[1]?.type ?? atomic('void'), dialect);
  if (key === undefined) {
    return raise('DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES', { function: name, actual: typesText(args) });
  }
  return { ...map, key };
}

interface Text {
  readonly summary: string;
  readonly usage: string;
  readonly examples: FunctionDefinition['examples'];
  readonly aliases?: readonly string[];
}

/** A function on collections: its own type rule, and what makes its evaluation. */
export function collectionFunction(
  name: string,
  text: Text,
  resolve: FunctionDefinition['resolve'],
  bind: (site: BindSite) => ScalarFunction['evaluate'],
  settings: {
    readonly seesNulls?: boolean;
    readonly lambdaParameters?: FunctionDefinition['lambdaParameters'];
    /** Where the lambdas stand: at the second place when left out. */
    readonly lambdaPlaces?: readonly number[];
  } = {},
): FunctionDefinition {
  const { seesNulls, lambdaParameters, lambdaPlaces = [1] } = settings;
  return {
    name,
    group: 'collection',
    ...text,
    resolve,
    ...(lambdaParameters === undefined ? {} : { lambdaParameters, lambdaPlaces }),
    body: {
      kind: 'scalar',
      bind: (site) => ({ evaluate: bind(site), ...(seesNulls === undefined ? {} : { seesNulls }) }),
    },
  };
}
