import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { StructType } from '../types/data-type.ts';
import { isIntegral } from '../types/type-classes.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { castTo } from './cast-to.ts';
import { typedText } from './typed-text.ts';
import type { Scope } from './scope.ts';

/** `child.name`: a field of a struct, or of each struct in an array; a key of a map. */
export function resolveField(child: TypedExpression, name: string, scope: Scope): TypedExpression {
  const { type } = child;
  if (type.kind === 'struct') {
    const index = fieldIndex(type, name, scope);
    const field = type.fields[index] as StructType['fields'][number];
    return {
      kind: 'extract',
      child,
      access: { kind: 'field', index, name: field.name },
      type: field.type,
      nullable: child.nullable || field.nullable,
    };
  }
  if (type.kind === 'array' && type.element.kind === 'struct') {
    const index = fieldIndex(type.element, name, scope);
    const field = type.element.fields[index] as StructType['fields'][number];
    return {
      kind: 'extract',
      child,
      access: { kind: 'fieldOfElements', index, name: field.name },
      type: { kind: 'array', element: field.type, containsNull: type.containsNull || field.nullable },
      nullable: child.nullable,
    };
  }
  if (type.kind === 'map')
    return ofMap(child, type, { kind: 'literal', value: name, type: { kind: 'string' }, nullable: false }, scope);
  return raise('INVALID_EXTRACT_BASE_FIELD_TYPE', { base: typedText(child), other: sqlTypeText(type) });
}

/** `child[key]`. */
export function resolveExtract(child: TypedExpression, key: TypedExpression, scope: Scope): TypedExpression {
  const { type } = child;
  if (type.kind === 'map') return ofMap(child, type, key, scope);
  if (type.kind === 'array' && key.type.kind === 'void') {
    return resolveExtract(child, castTo(key, { kind: 'int' }, scope.site), scope);
  }
  if (type.kind === 'array' && isIntegral(key.type)) {
    return {
      kind: 'extract',
      child,
      access: { kind: 'element', key, isAnsi: scope.site.ansi },
      type: type.element,
      nullable: true,
    };
  }
  if (key.kind === 'literal' && typeof key.value === 'string') return resolveField(child, key.value, scope);
  if (type.kind === 'array') {
    return raise('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', {
      position: 'second',
      function: `${typedText(child)}[${typedText(key)}]`,
      required: 'INTEGRAL',
      argument: typedText(key),
      actual: sqlTypeText(key.type),
    });
  }
  if (type.kind === 'struct') return raise('INVALID_EXTRACT_FIELD_TYPE', { extraction: typedText(key) });
  return raise('INVALID_EXTRACT_BASE_FIELD_TYPE', { base: typedText(child), other: sqlTypeText(type) });
}

function ofMap(
  child: TypedExpression,
  type: TypedExpression['type'] & { kind: 'map' },
  key: TypedExpression,
  scope: Scope,
): TypedExpression {
  return {
    kind: 'extract',
    child,
    access: { kind: 'mapValue', key: castTo(key, type.key, scope.site) },
    type: type.value,
    nullable: true,
  };
}

function fieldIndex(type: StructType, name: string, { session }: Scope): number {
  const isSame = session.conf.isCaseSensitive
    ? (field: string) => field === name
    : (field: string) => field.toLowerCase() === name.toLowerCase();
  const found = type.fields.flatMap((field, index) => (isSame(field.name) ? [index] : []));
  const [index] = found;
  if (index === undefined) {
    return raise('FIELD_NOT_FOUND', {
      fieldName: `\`${name}\``,
      fields: type.fields.map((field) => `\`${field.name}\``).join(', '),
    });
  }
  if (found.length > 1) raise('AMBIGUOUS_REFERENCE_TO_FIELDS', { field: `\`${name}\``, count: found.length });
  return index;
}
