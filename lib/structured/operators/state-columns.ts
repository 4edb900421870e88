import type { Attribute } from '../expressions/typed-expression.ts';
import type { StructType } from '../types/data-type.ts';
import { typeText } from '../types/type-text.ts';
import type { StateColumn } from './physical-operator.ts';

/** Columns of state as they are described. */
export function stateColumns(columns: readonly Attribute[]): readonly StateColumn[] {
  return columns.map(({ name, type }) => ({ name, type: typeText(type) }));
}

/** Fields of a schema as columns of state. */
export function stateFields(schema: StructType): readonly StateColumn[] {
  return schema.fields.map(({ name, type }) => ({ name, type: typeText(type) }));
}
