import { raise } from '../../../kernel/errors.ts';
import type { InternalValue, Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import { AvroBytes, invalid } from './avro-bytes.ts';
import { defaultOf } from './avro-default.ts';
import type { AvroRecord, AvroType } from './avro-schema.ts';
import { branchesOf, mergedNumber } from './avro-types.ts';

/** Reads one value, and stands behind it then. */
type Read = (bytes: AvroBytes) => InternalValue;

/** Decodes the bytes of one value, from a place on. What stands behind it is of no interest, as in Spark. */
export type AvroDecoder = (bytes: Uint8Array, from: number) => InternalValue;

/**
 * A decoder of what was written with one schema and is wanted in another, by Avro's rules of resolution: fields go by name or alias,
 * missing ones have their default, numbers widen. Schemas that do not go together are refused here, before any value.
 */
export function avroDecoder(writer: AvroType, reader: AvroType): AvroDecoder {
  const read = resolve(writer, reader);
  return (bytes, from) => read(new AvroBytes(bytes, from));
}

function resolve(writer: AvroType, reader: AvroType): Read {
  if (writer.kind === 'union') {
    const branches = writer.branches.map((branch) => resolveBranch(branch, reader));
    return (bytes) => {
      const branch = branches[bytes.int()];
      return branch === undefined ? invalid('a union has no such branch') : branch(bytes);
    };
  }
  if (reader.kind === 'union') return resolveIntoUnion(writer, reader.branches);
  switch (writer.kind) {
    case 'record':
      return reader.kind === 'record' ? readRecord(writer, reader) : mismatch(writer, reader);
    case 'array': {
      if (reader.kind !== 'array') return mismatch(writer, reader);
      const item = resolve(writer.items, reader.items);
      return (bytes) => {
        const list: InternalValue[] = [];
        eachOf(bytes, () => list.push(item(bytes)));
        return list;
      };
    }
    case 'map':
      return reader.kind === 'map' ? readMap(resolve(writer.values, reader.values)) : mismatch(writer, reader);
    case 'enum':
      return readEnum(writer, reader);
    case 'fixed':
      if (reader.kind !== 'fixed' || reader.size !== writer.size) return mismatch(writer, reader);
      return reader.decimal === undefined
        ? (bytes) => bytes.slice(writer.size)
        : (bytes) => unscaled(bytes.slice(writer.size));
    default:
      return readPrimitive(writer, reader);
  }
}

/** A branch of a writer's union; one that the reader does not have fails when it comes. */
function resolveBranch(branch: AvroType, reader: AvroType): Read {
  try {
    return resolve(branch, reader);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function resolveIntoUnion(writer: AvroType, branches: readonly AvroType[]): Read {
  const others = branchesOf(branches);
  if (writer.kind === 'null')
    return others.length < branches.length ? () => null : mismatch(writer, { kind: 'union', branches });
  const merged = mergedNumber(others);
  if (merged !== undefined) return resolve(writer, { kind: merged === 'bigint' ? 'long' : 'double' });
  const at = matching(writer, others);
  const chosen = others[at];
  if (chosen === undefined) return mismatch(writer, { kind: 'union', branches });
  const read = resolve(writer, chosen);
  if (others.length === 1) return read;
  const nulls = others.map(() => null);
  return (bytes) => (nulls as InternalValue[]).with(at, read(bytes));
}

/** The branch that a value belongs to: of the same kind and name, else the first that takes it. */
function matching(writer: AvroType, branches: readonly AvroType[]): number {
  const same = branches.findIndex((branch) => branch.kind === writer.kind && nameOf(branch) === nameOf(writer));
  if (same >= 0) return same;
  return branches.findIndex((branch) => {
    try {
      resolve(writer, branch);
      return true;
    } catch {
      return false;
    }
  });
}

function nameOf(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}

function readRecord(writer: AvroRecord, reader: AvroRecord): Read {
  const places = new Map<string, number>();
  for (const [i, { name, aliases }] of reader.fields.entries())
    for (const one of [name, ...aliases]) places.set(one, i);
  const steps = writer.fields.map(({ name, type }) => {
    const at = places.get(name);
    const wanted = at === undefined ? undefined : reader.fields[at];
    // What nobody wants is read by its own schema, to come behind it.
    return { at, read: resolve(type, wanted?.type ?? type) };
  });
  const written = new Set(steps.map(({ at }) => at));
  const template = reader.fields.map((field, i): InternalValue => {
    if (written.has(i)) return null;
    if (field.default !== undefined) return defaultOf(field.type, field.default.json);
    return raise('AVRO_SCHEMAS_DIFFER', {
      problem: `the field ${field.name} of ${reader.name} was not written and has no default`,
    });
  });
  return (bytes) => {
    const row = template.slice();
    for (const { at, read } of steps) {
      const value = read(bytes);
      if (at !== undefined) row[at] = value;
    }
    return row;
  };
}

function readMap(read: Read): Read {
  return (bytes) => {
    const found = new Map<string, InternalValue>();
    eachOf(bytes, () => {
      const key = bytes.text();
      found.set(key, read(bytes));
    });
    return { keys: [...found.keys()], values: [...found.values()] };
  };
}

/** Elements in blocks; a negative count has the size of the block behind it. */
function eachOf(bytes: AvroBytes, read: () => unknown): void {
  for (;;) {
    const count = bytes.long();
    if (count === 0) return;
    if (typeof count !== 'number') return invalid(`a block has ${count} elements`);
    if (count < 0) bytes.long();
    const elements = Math.abs(count);
    const before = bytes.at;
    for (let i = 0; i < elements; i++) {
      read();
      // Elements without bytes (nulls) could be claimed without end.
      if (i === 1_000_000 && bytes.at === before) invalid(`a block has ${elements} elements of no bytes`);
    }
  }
}

function readEnum(writer: AvroType & { kind: 'enum' }, reader: AvroType): Read {
  const symbols = writer.symbols.map((symbol) => {
    if (reader.kind !== 'enum' || reader.symbols.includes(symbol)) return symbol;
    return reader.otherwise;
  });
  if (reader.kind !== 'enum' && reader.kind !== 'string') return mismatch(writer, reader);
  return (bytes) => {
    const at = bytes.int();
    if (at < 0 || at >= symbols.length) return invalid(`the enum ${writer.name} has no symbol ${at}`);
    return symbols[at] ?? raise('AVRO_SCHEMAS_DIFFER', { problem: `${writer.symbols[at]} is no symbol of the reader` });
  };
}

function readPrimitive(writer: AvroType, reader: AvroType): Read {
  const [from, to] = [writer.kind, reader.kind];
  switch (from) {
    case 'null':
      return to === 'null' ? () => null : mismatch(writer, reader);
    case 'boolean':
      return to === 'boolean' ? (bytes) => bytes.byte() !== 0 : mismatch(writer, reader);
    case 'int':
    case 'long':
      return readWhole(writer as AvroType & { kind: 'int' | 'long' }, reader);
    case 'float':
      if (to === 'float' || to === 'double') return (bytes) => bytes.float();
      return mismatch(writer, reader);
    case 'double':
      return to === 'double' ? (bytes) => bytes.double() : mismatch(writer, reader);
    case 'bytes':
    case 'string': {
      if (to === 'string') return (bytes) => bytes.text();
      if (reader.kind !== 'bytes') return mismatch(writer, reader);
      return reader.decimal === undefined
        ? (bytes) => bytes.slice(bytes.length())
        : (bytes) => unscaled(bytes.slice(bytes.length()));
    }
    default:
      return mismatch(writer, reader);
  }
}

function readWhole(writer: AvroType & { kind: 'int' | 'long' }, reader: AvroType): Read {
  const read: (bytes: AvroBytes) => Long = writer.kind === 'int' ? (bytes) => bytes.int() : (bytes) => bytes.long();
  if (reader.kind === 'float') return (bytes) => Math.fround(Number(read(bytes)));
  if (reader.kind === 'double') return (bytes) => Number(read(bytes));
  if (reader.kind !== 'long' && (reader.kind !== 'int' || writer.kind !== 'int')) return mismatch(writer, reader);
  const isMillis = reader.kind === 'long' && reader.logical?.endsWith('timestamp-millis') === true;
  return isMillis ? (bytes) => toLong(BigInt.asIntN(64, BigInt(read(bytes)) * 1000n)) : read;
}

/** Big-endian two's complement. */
function unscaled(bytes: Uint8Array): Long {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return toLong(BigInt.asIntN(bytes.length * 8, value));
}

function mismatch(writer: AvroType, reader: AvroType): never {
  return raise('AVRO_SCHEMAS_DIFFER', {
    problem: `what was written as ${writer.kind} cannot be read as ${reader.kind}`,
  });
}
