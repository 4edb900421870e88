import { raise } from '../../../kernel/errors.ts';
import type { DataType, StructField, StructType } from '../../types/data-type.ts';
import { arrayType, atomic, decimalType } from '../../types/type-classes.ts';
import { deepest, invalidSchema, type ProtoEnum, type ProtoField, type ProtoMessage } from './proto-file.ts';
import type { ProtobufOptions } from './proto-options.ts';
import type { ProtoSchema } from './proto-schema.ts';

/** A message as a struct: its fields in order, of finite depth. */
export interface MessagePlan {
  readonly message: ProtoMessage;
  readonly fields: readonly FieldPlan[];
  readonly type: StructType;
}

export interface FieldPlan {
  readonly field: ProtoField;
  readonly value: ValuePlan;
  /** Of a map: `value` is the plan of its values then. */
  readonly key?: ValuePlan;
  readonly hasPresence: boolean;
  /** Of the whole field, in Spark. */
  readonly type: DataType;
}

export type ValuePlan =
  | { readonly kind: 'scalar'; readonly scalar: string; readonly type: DataType }
  | { readonly kind: 'enum'; readonly enum: ProtoEnum; readonly type: DataType }
  | { readonly kind: 'struct'; readonly plan: MessagePlan; readonly type: DataType }
  /** The one field of a message. */
  | { readonly kind: 'wrapped'; readonly plan: MessagePlan; readonly type: DataType }
  /** Timestamp and Duration, with the numbers of their seconds and nanoseconds. */
  | { readonly kind: 'time'; readonly type: DataType; readonly seconds: number; readonly nanos: number };

/** Fields of one type, those within others too. */
const mostFields = 10_000;

/** The struct that a message is, by Spark's rules. */
export function planMessage(schema: ProtoSchema, name: string, options: ProtobufOptions): MessagePlan {
  const root = schema.message(name);
  return new Planner(schema, options).message(root, new Map([[root.name, 1]]));
}

class Planner {
  readonly #schema: ProtoSchema;
  readonly #options: ProtobufOptions;
  #count = 0;

  constructor(schema: ProtoSchema, options: ProtobufOptions) {
    this.#schema = schema;
    this.#options = options;
  }

  message(message: ProtoMessage, around: ReadonlyMap<string, number>): MessagePlan {
    const depth = [...around.values()].reduce((sum, times) => sum + times, 0);
    if (depth > deepest) invalidSchema(`${message.name} has messages that are more than ${deepest} deep`);
    const own = message.fields.flatMap((field) => this.#field(field, message, around) ?? []);
    const fields = own.length === 0 && this.#options.retainsEmpty ? [nothing] : own;
    const types = fields.map(({ field, type }): StructField => ({
      name: field.name,
      type,
      nullable: field.label !== 'required',
    }));
    return { message, fields, type: { kind: 'struct', fields: types } };
  }

  #field(field: ProtoField, message: ProtoMessage, around: ReadonlyMap<string, number>): FieldPlan | undefined {
    if (++this.#count > mostFields)
      invalidSchema(`${message.name} has more than ${mostFields} fields within each other`);
    if (!(field.number > 0 && field.number < 2 ** 29))
      invalidSchema(`${message.name}.${field.name} has no valid number`);
    const kind = this.#schema.kindOf(field, message);
    if (kind.kind === 'message' && kind.message.isMapEntry) {
      const [keyField, valueField] = kind.message.fields;
      if (keyField === undefined || valueField === undefined) return invalidSchema(`${kind.message.name} is no map`);
      const key = this.#value(keyField, kind.message, around);
      const value = this.#value(valueField, kind.message, around);
      if (key === undefined || value === undefined) return undefined;
      const type: DataType = { kind: 'map', key: key.type, value: value.type, valueContainsNull: false };
      return { field, key, value, type, hasPresence: false };
    }
    const value = this.#value(field, message, around);
    if (value === undefined) return undefined;
    const isRepeated = field.label === 'repeated';
    const type = isRepeated ? arrayType(value.type, false) : value.type;
    return { field, value, type, hasPresence: !isRepeated && (field.hasPresence || kind.kind === 'message') };
  }

  #value(field: ProtoField, message: ProtoMessage, around: ReadonlyMap<string, number>): ValuePlan | undefined {
    const found = this.#schema.kindOf(field, message);
    if (found.kind === 'scalar') return { ...found, type: this.#scalar(found.scalar) };
    if (found.kind === 'enum') return { ...found, type: atomic(this.#options.enumsAsInts ? 'int' : 'string') };
    const { name } = found.message;
    const time = timeOf(found.message);
    if (time !== undefined) return time;
    const depth = around.get(name) ?? 0;
    const { maxRecursion } = this.#options;
    if (depth > 0 && maxRecursion <= 0) raise('RECURSIVE_PROTOBUF_SCHEMA', { field: `${message.name}.${field.name}` });
    // What is deeper, and what has no fields, is left out, as in Spark.
    if (depth > 0 && depth >= maxRecursion) return undefined;
    const plan = this.message(found.message, new Map([...around, [name, depth + 1]]));
    const [first] = plan.fields;
    if (this.#options.unwrapsWrappers && isWrapper(found.message) && first !== undefined) {
      return { kind: 'wrapped', plan, type: first.type };
    }
    return plan.fields.length === 0 ? undefined : { kind: 'struct', plan, type: plan.type };
  }

  #scalar(scalar: string): DataType {
    const { upcastsUnsigned } = this.#options;
    switch (scalar) {
      case 'uint32':
        return atomic(upcastsUnsigned ? 'bigint' : 'int');
      case 'uint64':
        return upcastsUnsigned ? decimalType(20, 0) : atomic('bigint');
      case 'bool':
        return atomic('boolean');
      case 'bytes':
        return atomic('binary');
      case 'float':
      case 'double':
      case 'string':
        return atomic(scalar);
      default:
        return atomic(scalar.endsWith('32') ? 'int' : 'bigint');
    }
  }
}

const text: ValuePlan = { kind: 'scalar', scalar: 'string', type: atomic('string') };

/** Stands for the fields that a message does not have: Spark's name, and a number that no field of bytes has. */
const nothing: FieldPlan = {
  field: {
    name: '__dummy_field_in_empty_struct',
    number: 0,
    label: 'optional',
    type: 'string',
    hasPresence: true,
    isPacked: false,
  },
  value: text,
  type: text.type,
  hasPresence: true,
};

/** Whether a message is one of those that hold a single scalar. */
export function isWrapper({ name }: ProtoMessage): boolean {
  return /^google\.protobuf\.(?:Bool|U?Int32|U?Int64|Float|Double|String|Bytes)Value$/u.test(name);
}

/** A time, by Spark's rule: the name of the message without its package, and its two fields. */
function timeOf({ name, fields: [seconds, nanos, ...more] }: ProtoMessage): ValuePlan | undefined {
  const own = name.split('.').at(-1);
  if (own !== 'Timestamp' && own !== 'Duration') return undefined;
  const isTime = seconds?.name === 'seconds' && nanos?.name === 'nanos' && more.length === 0;
  if (!isTime || seconds.type !== 'int64' || nanos.type !== 'int32') return undefined;
  const type = atomic(own === 'Timestamp' ? 'timestamp' : 'interval day to second');
  return { kind: 'time', type, seconds: seconds.number, nanos: nanos.number };
}
