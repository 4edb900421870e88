import { raise } from '../../../../kernel/errors.ts';
import type { TypedExpression } from '../../../expressions/typed-expression.ts';
import { parseSchema } from '../../../types/ddl.ts';
import type { DataType, InternalValue, StructType } from '../../../types/data-type.ts';
import { arrayType, atomic } from '../../../types/type-classes.ts';
import { sqlTypeText, typeText } from '../../../types/type-text.ts';
import { constantOf, requireConstant, unexpected } from '../../signatures.ts';
import { type CountedType, countedType } from './counted-items.ts';

const DEFAULT_K = 5;
const DEFAULT_MAX_ITEMS_TRACKED = 10_000;
export const MAX_ITEMS_TRACKED_LIMIT = 1_000_000;

type Parameter = 'k' | 'maxItemsTracked';

function requirePositive(argName: Parameter, argValue: number): number {
  return argValue > 0 ? argValue : raise('APPROX_TOP_K_NON_POSITIVE_ARG', { argName, argValue });
}

function numberAt(
  name: string,
  args: readonly TypedExpression[],
  index: number,
  argName: Parameter,
): number | undefined {
  const value = constantOf(name, args, index);
  if (value === null) raise('APPROX_TOP_K_NULL_ARG', { argName });
  return value === undefined ? undefined : Number(value);
}

export function kOf(name: string, args: readonly TypedExpression[]): number {
  return requirePositive('k', numberAt(name, args, 1, 'k') ?? DEFAULT_K);
}

export function requireTracked(tracked: number): number {
  if (tracked > MAX_ITEMS_TRACKED_LIMIT) {
    raise('APPROX_TOP_K_MAX_ITEMS_TRACKED_EXCEEDS_LIMIT', { maxItemsTracked: tracked, limit: MAX_ITEMS_TRACKED_LIMIT });
  }
  return requirePositive('maxItemsTracked', tracked);
}

/** How many items a sketch keeps. */
export function trackedOf(name: string, args: readonly TypedExpression[], index: number): number {
  return requireTracked(numberAt(name, args, index, 'maxItemsTracked') ?? DEFAULT_MAX_ITEMS_TRACKED);
}

export function requireEnough(maxItemsTracked: number, k: number): void {
  if (maxItemsTracked < k) raise('APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K', { maxItemsTracked, k });
}

/** The numbers of a call must be constants; what they are is checked when constants are computed. */
export function requireNumbers(name: string, args: readonly TypedExpression[]): void {
  args.slice(1).forEach((arg, i) => requireConstant(name, i + 1, arg));
}

function refuse(name: string, problem: string, mend: string): never {
  return raise('DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT', { function: name, problem, mend });
}

/** What is needed to count values of a type. */
export function requireCounted(name: string, type: DataType): CountedType {
  return (
    countedType(type) ??
    refuse(name, `values of the type ${sqlTypeText(type)} are not counted`, 'Count a part of the value, or its to_json')
  );
}

/** Items with their counts. */
export function countsType(item: DataType): DataType {
  const fields = [
    { name: 'item', type: item, nullable: true },
    { name: 'count', type: atomic('bigint'), nullable: false },
  ];
  return arrayType({ kind: 'struct', fields }, false);
}

/** A sketch as it travels between functions: the type of the items as the type of a null, and once more as text. */
export function stateType(item: DataType): StructType {
  return {
    kind: 'struct',
    fields: [
      { name: 'sketch', type: atomic('binary'), nullable: false },
      { name: 'maxItemsTracked', type: atomic('int'), nullable: false },
      { name: 'itemDataType', type: item, nullable: true },
      { name: 'itemDataTypeDDL', type: atomic('string'), nullable: false },
    ],
  };
}

/** The type of the items of a sketch. */
export function itemTypeOf(name: string, arg: TypedExpression | undefined): DataType {
  const { type } = arg ?? { type: atomic('void') };
  if (type.kind !== 'struct' && type.kind !== 'void' && arg !== undefined) unexpected(name, 0, arg, 'STRUCT');
  const fields = type.kind === 'struct' ? type.fields : [];
  const [sketch, tracked, item, ddl] = fields.map((field) => field.type);
  const isState = fields.length === 4 && sketch?.kind === 'binary' && tracked?.kind === 'int' && ddl?.kind === 'string';
  if (item === undefined || !isState || countedType(item) === undefined) {
    return refuse(
      name,
      `a sketch is struct<sketch:binary,maxItemsTracked:int,itemDataType:any,itemDataTypeDDL:string>, not ${typeText(type)}`,
      'Give it what approx_top_k_accumulate or approx_top_k_combine made',
    );
  }
  return item;
}

/** The type of the items as Spark writes it beside a sketch. */
export function itemDdl(type: DataType): string {
  return type.kind === 'string' ? 'item string not null' : `item ${sqlTypeText(type)} NOT NULL`;
}

export function typeOfDdl(ddl: InternalValue): DataType {
  return parseSchema(ddl as string).fields[0]?.type ?? atomic('void');
}
