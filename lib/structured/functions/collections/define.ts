import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { type Dialect, commonWiderType, widerType } from '../../types/coercion.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { DataType } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition, ScalarFunction } from '../define-function.ts';
import { unexpected } from '../signatures.ts';

export type ArrayDataType = DataType & { readonly kind: 'array' };
export type MapDataType = DataType & { readonly kind: 'map' };

/** The type that holds the values of both, for elements of one collection; the first where they have nothing in common. */
export function commonType(a: DataType, b: DataType): DataType {
  return widerType(a, b, { ansi: true }) ?? a;
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
  settings: { readonly seesNulls?: boolean; readonly lambdaParameters?: FunctionDefinition['lambdaParameters'] } = {},
): FunctionDefinition {
  const { seesNulls, lambdaParameters } = settings;
  return {
    name,
    group: 'collection',
    ...text,
    resolve,
    ...(lambdaParameters === undefined ? {} : { lambdaParameters }),
    body: {
      kind: 'scalar',
      bind: (site) => ({ evaluate: bind(site), ...(seesNulls === undefined ? {} : { seesNulls }) }),
    },
  };
}
