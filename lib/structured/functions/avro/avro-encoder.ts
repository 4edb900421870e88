import { raise } from '../../../kernel/errors.ts';
import type { DataType, InternalRow, InternalValue, Long, MapValue } from '../../types/data-type.ts';
import { typeText } from '../../types/type-text.ts';
import { AvroOutput } from './avro-output.ts';
import type { AvroType } from './avro-schema.ts';
import { branchesOf } from './avro-types.ts';

type Write = (out: AvroOutput, value: InternalValue) => void;

/** Encodes one value. */
export type AvroEncoder = (value: InternalValue) => Uint8Array;

/** What writes values of a type in a schema; a type that does not fit it is refused here. */
export function avroEncoder(type: DataType, schema: AvroType): AvroEncoder {
  const write = writer(type, schema);
  return (value) => {
    const out = new AvroOutput();
    write(out, value);
    return out.bytes();
  };
}

function writer(type: DataType, schema: AvroType): Write {
  if (schema.kind === 'union') return writeUnion(type, schema.branches);
  const write = plainWriter(type, schema);
  return (out, value) => {
    if (value === null) raise('AVRO_VALUE_NULL', { schema: schema.kind });
    write(out, value);
  };
}

/** Null, or the branch that the type fits; unions of several are structs with a field for each. */
function writeUnion(type: DataType, branches: readonly AvroType[]): Write {
  const others = branchesOf(branches);
  const nullAt = branches.findIndex(({ kind }) => kind === 'null');
  const many =
    type.kind === 'struct' && others.length > 1 && type.fields.length === others.length ? type.fields : undefined;
  const [only] = others;
  const writes = many?.map((field, i) => writer(field.type, others[i] as AvroType));
  const single = only === undefined || writes !== undefined ? undefined : plainFit(type, others);
  return (out, value) => {
    if (value === null) {
      if (nullAt < 0) raise('AVRO_VALUE_NULL', { schema: 'union' });
      out.long(nullAt);
      return;
    }
    if (writes !== undefined) {
      const at = (value as InternalRow).findIndex((part) => part !== null);
      out.long(branches.indexOf(others[at] as AvroType));
      writes[at]?.(out, (value as InternalRow)[at] ?? null);
      return;
    }
    const { branch, write } = single ?? mismatch(type, { kind: 'union', branches });
    out.long(branches.indexOf(branch));
    write(out, value);
  };
}

/** The last branch that takes the type: of int and long the wider one. */
function plainFit(type: DataType, branches: readonly AvroType[]): { readonly branch: AvroType; readonly write: Write } {
  for (const branch of branches.toReversed()) {
    try {
      return { branch, write: plainWriter(type, branch) };
    } catch {
      // The next one may take it.
    }
  }
  return mismatch(type, { kind: 'union', branches });
}

function plainWriter(type: DataType, schema: AvroType): Write {
  const kind = `${type.kind} ${schema.kind}`;
  switch (kind) {
    case 'boolean boolean':
      return (out, value) => out.byte(value === true ? 1 : 0);
    case 'tinyint int':
    case 'smallint int':
    case 'int int':
    case 'date int':
    case 'tinyint long':
    case 'smallint long':
    case 'int long':
    case 'bigint long':
      return (out, value) => out.long(value as Long);
    case 'timestamp long':
    case 'timestamp_ntz long': {
      const isMillis = schema.kind === 'long' && schema.logical?.endsWith('timestamp-millis') === true;
      return isMillis ? (out, value) => out.long(millis(value as Long)) : (out, value) => out.long(value as Long);
    }
    case 'float float':
      return (out, value) => out.float(value as number);
    case 'float double':
    case 'double double':
      return (out, value) => out.double(value as number);
    case 'string string':
    case 'string bytes':
      return (out, value) => out.text(value as string);
    case 'string enum': {
      const symbols = (schema as AvroType & { kind: 'enum' }).symbols;
      return (out, value) => {
        const symbol = value as string;
        const at = symbols.indexOf(symbol);
        if (at < 0) raise('AVRO_SCHEMAS_DIFFER', { problem: `${symbol} is no symbol of ${symbols.join(', ')}` });
        out.long(at);
      };
    }
    case 'binary bytes':
      return (out, value) => out.sized(value as Uint8Array);
    case 'binary fixed': {
      const { size } = schema as AvroType & { kind: 'fixed' };
      return (out, value) => {
        const bytes = value as Uint8Array;
        if (bytes.length !== size) raise('AVRO_SCHEMAS_DIFFER', { problem: `${bytes.length} bytes are not ${size}` });
        out.raw(bytes);
      };
    }
    case 'decimal bytes':
    case 'decimal fixed':
      return writeDecimal(type, schema);
    case 'array array': {
      const item = writer(
        (type as DataType & { kind: 'array' }).element,
        (schema as AvroType & { kind: 'array' }).items,
      );
      return (out, value) => {
        const list = value as readonly InternalValue[];
        if (list.length > 0) out.long(list.length);
        for (const part of list) item(out, part);
        out.long(0);
      };
    }
    case 'map map': {
      const { key, value: held } = type as DataType & { kind: 'map' };
      if (key.kind !== 'string') return mismatch(type, schema);
      const item = writer(held, (schema as AvroType & { kind: 'map' }).values);
      return (out, value) => {
        const { keys, values } = value as MapValue;
        if (keys.length > 0) out.long(keys.length);
        for (const [i, name] of keys.entries()) {
          out.text(name as string);
          item(out, values[i] ?? null);
        }
        out.long(0);
      };
    }
    case 'struct record':
      return writeRecord(type as DataType & { kind: 'struct' }, schema as AvroType & { kind: 'record' });
    default:
      return mismatch(type, schema);
  }
}

function writeRecord(type: DataType & { kind: 'struct' }, schema: AvroType & { kind: 'record' }): Write {
  const steps = schema.fields.map((field) => {
    const at = type.fields.findIndex(({ name }) => name.toLowerCase() === field.name.toLowerCase());
    const found = type.fields[at];
    if (found === undefined) {
      return raise('AVRO_SCHEMAS_DIFFER', { problem: `there is no column for the field ${field.name}` });
    }
    return { at, write: writer(found.type, field.type) };
  });
  return (out, value) => {
    for (const { at, write } of steps) write(out, (value as InternalRow)[at] ?? null);
  };
}

function writeDecimal(type: DataType, schema: AvroType): Write {
  const { scale } = type as DataType & { kind: 'decimal' };
  const wanted = schema.kind === 'bytes' || schema.kind === 'fixed' ? schema : undefined;
  if (wanted?.decimal?.scale !== scale) return mismatch(type, schema);
  return (out, value) => {
    const unscaled = BigInt(value as Long);
    if (wanted.kind === 'fixed') out.raw(complement(unscaled, wanted.size));
    else out.sized(complement(unscaled, leastBytes(unscaled)));
  };
}

function leastBytes(value: bigint): number {
  let bytes = 1;
  while (BigInt.asIntN(8 * bytes, value) !== value) bytes++;
  return bytes;
}

/** Big-endian two's complement. */
function complement(value: bigint, size: number): Uint8Array {
  if (BigInt.asIntN(8 * size, value) !== value) {
    raise('AVRO_SCHEMAS_DIFFER', { problem: `${value} needs more than ${size} bytes` });
  }
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 255n));
}

function millis(micros: Long): Long {
  const value = BigInt(micros);
  return Number((value - (((value % 1000n) + 1000n) % 1000n)) / 1000n);
}

function mismatch(type: DataType, schema: AvroType): never {
  return raise('AVRO_SCHEMAS_DIFFER', { problem: `${typeText(type)} cannot be written as ${schema.kind}` });
}
