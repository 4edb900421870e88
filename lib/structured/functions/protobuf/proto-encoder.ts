import { raise } from '../../../kernel/errors.ts';
import type { DataType, InternalRow, InternalValue, Long, MapValue } from '../../types/data-type.ts';
import { typeText } from '../../types/type-text.ts';
import { type FieldPlan, isWrapper, type MessagePlan, type ValuePlan } from './proto-plan.ts';
import { isZero, wireOf } from './proto-scalar.ts';
import { WireOutput } from './wire-output.ts';

/** Encodes one struct. */
export type ProtoEncoder = (value: InternalValue) => Uint8Array;

type Write = (out: WireOutput, value: InternalValue) => void;

/** What writes structs of a type as a message: fields go by name, without regard to case; a type that does not fit is refused here. */
export function protoEncoder(type: DataType, plan: MessagePlan): ProtoEncoder {
  if (type.kind !== 'struct') return mismatch(`${typeText(type)} is no struct`);
  const columns = type.fields;
  const known = new Set(plan.message.fields.map(({ name }) => name.toLowerCase()));
  const extra = columns.find(({ name }) => !known.has(name.toLowerCase()));
  if (extra !== undefined) mismatch(`${plan.message.name} has no field ${extra.name}`);
  const steps = plan.fields
    .toSorted((a, b) => a.field.number - b.field.number)
    .flatMap((each): { readonly at: number; readonly plan: FieldPlan; readonly write: Write }[] => {
      const at = columns.findIndex(({ name }) => name.toLowerCase() === each.field.name.toLowerCase());
      const column = columns[at];
      if (column !== undefined) return [{ at, plan: each, write: writeField(column.type, each) }];
      return each.field.label === 'required'
        ? mismatch(`there is no column for the required field ${each.field.name}`)
        : [];
    });
  return (value) => {
    const out = new WireOutput();
    for (const { at, plan: each, write } of steps) {
      const part = (value as InternalRow)[at] ?? null;
      if (part !== null) write(out, part);
      else if (each.field.label === 'required') raise('PROTOBUF_VALUE_NULL', { field: each.field.name });
    }
    return out.bytes();
  };
}

function writeField(type: DataType, plan: FieldPlan): Write {
  const { field, key, value, hasPresence } = plan;
  if (key !== undefined) {
    if (type.kind !== 'map') return mismatch(`${field.name} is a map and not ${typeText(type)}`);
    const first = writeTagged(1, valueWriter(type.key, key, field.name), key);
    const second = writeTagged(2, valueWriter(type.value, value, field.name), value);
    return (out, map) => {
      const { keys, values } = map as MapValue;
      for (const [i, each] of keys.entries()) {
        const entry = new WireOutput();
        first(entry, each);
        second(entry, present(values[i], field.name));
        out.tag(field.number, 2);
        out.sized(entry.bytes());
      }
    };
  }
  if (field.label !== 'repeated') {
    const write = valueWriter(type, value, field.name);
    const tagged = writeTagged(field.number, write, value);
    return hasPresence ? tagged : (out, each) => (isAbsent(value, each) ? undefined : tagged(out, each));
  }
  if (type.kind !== 'array') return mismatch(`${field.name} is repeated and not ${typeText(type)}`);
  const write = valueWriter(type.element, value, field.name);
  if (!field.isPacked || wireOfValue(value) === 2) {
    const tagged = writeTagged(field.number, write, value);
    return (out, list) => {
      for (const each of list as readonly InternalValue[]) tagged(out, present(each, field.name));
    };
  }
  return (out, list) => {
    const packed = new WireOutput();
    for (const each of list as readonly InternalValue[]) write(packed, present(each, field.name));
    if ((list as readonly InternalValue[]).length === 0) return;
    out.tag(field.number, 2);
    out.sized(packed.bytes());
  };
}

function present(value: InternalValue | undefined, field: string): InternalValue {
  return value ?? raise('PROTOBUF_VALUE_NULL', { field });
}

/** Zero is not written where it is the same as nothing. */
function isAbsent(plan: ValuePlan, value: InternalValue): boolean {
  return plan.kind === 'enum' ? numberOf(plan, value) === 0 : isZero(value);
}

function wireOfValue(plan: ValuePlan): number {
  return plan.kind === 'scalar' ? wireOf(plan.scalar) : plan.kind === 'enum' ? 0 : 2;
}

function writeTagged(number: number, write: Write, plan: ValuePlan): Write {
  const wire = wireOfValue(plan);
  return (out, value) => {
    out.tag(number, wire);
    write(out, value);
  };
}

function numberOf(plan: ValuePlan & { kind: 'enum' }, value: InternalValue): number {
  const found = plan.enum.values.find(([name, number]) => name === value || number === value);
  return found?.[1] ?? mismatch(`${JSON.stringify(value)} is no value of ${plan.enum.name}`);
}

function valueWriter(type: DataType, plan: ValuePlan, field: string): Write {
  const { kind } = type;
  if (plan.kind === 'enum' && (kind === 'string' || kind === 'int')) {
    return (out, value) => out.varint(numberOf(plan, value));
  }
  if (plan.kind === 'time' && kind === plan.type.kind) return (out, value) => out.sized(timeBytes(value as Long, plan));
  if ((plan.kind === 'struct' || plan.kind === 'wrapped') && kind !== 'struct' && isWrapper(plan.plan.message)) {
    const [inner] = plan.plan.fields;
    const write = inner === undefined ? undefined : writeField(type, inner);
    return (out, value) => {
      const message = new WireOutput();
      write?.(message, value);
      out.sized(message.bytes());
    };
  }
  if ((plan.kind === 'struct' || plan.kind === 'wrapped') && kind === 'struct') {
    const encode = protoEncoder(type, plan.plan);
    return (out, value) => out.sized(encode(value));
  }
  if (plan.kind === 'scalar') {
    const write = scalarWriter(type, plan.scalar);
    if (write !== undefined) return write;
  }
  const wanted = plan.kind === 'scalar' ? plan.scalar : plan.kind === 'enum' ? plan.enum.name : typeText(plan.type);
  return mismatch(`${field} is ${wanted} and not ${typeText(type)}`);
}

const fits = (scalar: string, { kind, ...type }: DataType): boolean => {
  const isInt = kind === 'int' || kind === 'smallint' || kind === 'tinyint';
  if (scalar === 'bool') return kind === 'boolean';
  if (scalar === 'bytes') return kind === 'binary';
  if (scalar === 'float' || scalar === 'double' || scalar === 'string') return kind === scalar;
  if (scalar === 'uint32' || scalar === 'fixed32') return isInt || kind === 'bigint';
  if (scalar.endsWith('32')) return isInt;
  return (
    kind === 'bigint' || isInt || (scalar === 'uint64' && kind === 'decimal' && 'scale' in type && type.scale === 0)
  );
};

function scalarWriter(type: DataType, scalar: string): Write | undefined {
  if (!fits(scalar, type)) return undefined;
  switch (scalar) {
    case 'bool':
      return (out, value) => out.varint(value === true ? 1 : 0);
    case 'string':
      return (out, value) => out.text(value as string);
    case 'bytes':
      return (out, value) => out.sized(value as Uint8Array);
    case 'float':
      return (out, value) => out.float(value as number);
    case 'double':
      return (out, value) => out.double(value as number);
    case 'uint32':
    case 'fixed32': {
      // An int keeps its bits; a bigint its value.
      const bits = (value: InternalValue): number => {
        const whole = Number(value);
        return whole >= -(2 ** 31) && whole < 2 ** 32 ? whole : mismatch(`${whole} is no ${scalar}`);
      };
      if (scalar === 'fixed32') return (out, value) => out.fixed32(bits(value));
      return (out, value) => out.varint(bits(value) >>> 0);
    }
    case 'sfixed32':
      return (out, value) => out.fixed32(value as number);
    case 'fixed64':
    case 'sfixed64':
      return (out, value) => out.fixed64(value as Long);
    case 'sint32':
    case 'sint64':
      return (out, value) => out.varint((BigInt(value as Long) << 1n) ^ (BigInt(value as Long) >> 63n));
    case 'uint64':
      return (out, value) => {
        const whole = BigInt(value as Long);
        out.varint(whole < 2n ** 64n && whole >= -(2n ** 63n) ? whole : mismatch(`${whole} is no uint64`));
      };
    default:
      return (out, value) => out.varint(value as Long);
  }
}

/** Seconds and nanoseconds: those of a duration have its sign, those of a time are never below 0. */
function timeBytes(micros: Long, plan: ValuePlan & { kind: 'time' }): Uint8Array {
  const out = new WireOutput();
  const whole = BigInt(micros);
  const signed = whole % 1_000_000n;
  const rest = plan.type.kind === 'timestamp' && signed < 0n ? signed + 1_000_000n : signed;
  const seconds = (whole - rest) / 1_000_000n;
  if (seconds !== 0n) {
    out.tag(plan.seconds, 0);
    out.varint(seconds);
  }
  if (rest !== 0n) {
    out.tag(plan.nanos, 0);
    out.varint(Number(rest) * 1000);
  }
  return out.bytes();
}

function mismatch(problem: string): never {
  return raise('PROTOBUF_TYPES_DIFFER', { problem });
}
