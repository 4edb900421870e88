import { messageOf, raise } from '../../../kernel/errors.ts';

/** A schema of Avro with its names resolved. */
export type AvroType =
  | { readonly kind: 'null' | 'boolean' | 'float' | 'double' | 'string' }
  | { readonly kind: 'int' | 'long'; readonly logical?: string }
  | { readonly kind: 'bytes'; readonly decimal?: AvroDecimal }
  | { readonly kind: 'fixed'; readonly size: number; readonly name: string; readonly decimal?: AvroDecimal }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[]; readonly otherwise?: string }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | AvroRecord;

export interface AvroRecord {
  readonly kind: 'record';
  readonly name: string;
  readonly fields: readonly AvroField[];
}

interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** As JSON; absent when there is none. */
  readonly default?: { readonly json: unknown };
}

interface AvroDecimal {
  readonly precision: number;
  readonly scale: number;
}

type Json = Readonly<Record<string, unknown>>;

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** Deeper schemas are not written by people. */
const maxDepth = 100;

/**
 * Reads a schema: the JSON text of Avro's specification, after those that it refers to. A type that contains itself has no type in Spark and is refused.
 *
 * @example
 * parseAvroSchema('{"type":"array","items":"long"}')   // => { kind: 'array', items: { kind: 'long' } }
 */
export function parseAvroSchema(text: string, references: readonly string[] = []): AvroType {
  const parser = new SchemaParser();
  for (const reference of references) parser.type(parsed(reference), '', 0);
  return parser.type(parsed(text), '', 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return wrong(`it is no JSON (${messageOf(error)})`);
  }
}

function wrong(problem: string): never {
  return raise('AVRO_SCHEMA_INVALID', { problem });
}

class SchemaParser {
  readonly #named = new Map<string, AvroType | undefined>();

  type(json: unknown, namespace: string, depth: number): AvroType {
    if (depth > maxDepth) return wrong(`it is nested more than ${maxDepth} deep`);
    if (typeof json === 'string') return this.#ofName(json, namespace);
    if (Array.isArray(json)) {
      if (json.length === 0) return wrong('a union has no branches');
      return { kind: 'union', branches: json.map((branch) => this.type(branch, namespace, depth + 1)) };
    }
    if (typeof json !== 'object' || json === null) return wrong(`${JSON.stringify(json)} is no type`);
    const schema = json as Json;
    const { type } = schema;
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(schema, namespace, depth);
      case 'enum':
        return this.#enum(schema, namespace);
      case 'fixed':
        return this.#fixed(schema, namespace);
      case 'array':
        return { kind: 'array', items: this.type(schema['items'], namespace, depth + 1) };
      case 'map':
        return { kind: 'map', values: this.type(schema['values'], namespace, depth + 1) };
      default:
        return withLogical(this.type(type, namespace, depth + 1), schema);
    }
  }

  #ofName(name: string, namespace: string): AvroType {
    if (primitives.has(name)) return { kind: name as 'string' };
    const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    const known = this.#named.has(full) ? full : name;
    if (!this.#named.has(known)) return wrong(`there is no type ${name}`);
    return this.#named.get(known) ?? wrong(`${name} contains itself, which no type of Spark can`);
  }

  #record(schema: Json, namespace: string, depth: number): AvroType {
    const [full, inner] = nameOf(schema, namespace);
    const { fields } = schema;
    if (!Array.isArray(fields)) return wrong(`the record ${full} has no list of fields`);
    this.#declare(full, undefined);
    const readFields = (fields as readonly Json[]).map((field): AvroField => {
      if (typeof field?.['name'] !== 'string') return wrong(`a field of ${full} has no name`);
      const read: AvroField = {
        name: field['name'],
        aliases: Array.isArray(field['aliases']) ? (field['aliases'] as readonly string[]) : [],
        type: this.type(field['type'], inner, depth + 1),
      };
      return 'default' in field ? withDefault(read, field['default']) : read;
    });
    const record: AvroRecord = { kind: 'record', name: full, fields: readFields };
    this.#named.set(full, record);
    return record;
  }

  #enum(schema: Json, namespace: string): AvroType {
    const [name] = nameOf(schema, namespace);
    const { symbols } = schema;
    if (!Array.isArray(symbols) || symbols.some((symbol) => typeof symbol !== 'string')) {
      return wrong(`the enum ${name} has no list of symbols`);
    }
    const otherwise = schema['default'];
    return this.#declare(name, {
      kind: 'enum',
      name,
      symbols: symbols as readonly string[],
      ...(typeof otherwise === 'string' ? { otherwise } : {}),
    });
  }

  #fixed(schema: Json, namespace: string): AvroType {
    const [name] = nameOf(schema, namespace);
    const { size } = schema;
    if (!Number.isSafeInteger(size) || (size as number) < 0) return wrong(`the fixed ${name} has no size`);
    return this.#declare(name, withLogical({ kind: 'fixed', name, size: size as number }, schema));
  }

  #declare<T extends AvroType | undefined>(name: string, type: T): T {
    if (this.#named.has(name)) return wrong(`${name} is defined twice`);
    this.#named.set(name, type);
    return type;
  }
}

function withDefault(field: AvroField, json: unknown): AvroField {
  return { ...field, default: { json } };
}

/** Full name, and the namespace within. */
function nameOf(schema: Json, namespace: string): readonly [full: string, inner: string] {
  const { name } = schema;
  if (typeof name !== 'string' || name === '') return wrong('a named type has no name');
  if (name.includes('.')) return [name, name.slice(0, name.lastIndexOf('.'))];
  const own = typeof schema['namespace'] === 'string' ? schema['namespace'] : namespace;
  return [own === '' ? name : `${own}.${name}`, own];
}

/** A logical type that does not fit its type is ignored, as Avro has it. */
function withLogical<T extends AvroType>(type: T, schema: Json): T {
  const logical = schema['logicalType'];
  if (typeof logical !== 'string') return type;
  if (type.kind === 'int' || type.kind === 'long') return { ...type, logical };
  if (logical !== 'decimal' || (type.kind !== 'bytes' && type.kind !== 'fixed')) return type;
  const [precision, scale] = [schema['precision'], schema['scale'] ?? 0].map(Number);
  const isValid = precision !== undefined && scale !== undefined && precision >= 1 && scale >= 0 && scale <= precision;
  if (!isValid || precision > 38) return type;
  return { ...type, decimal: { precision, scale } };
}
