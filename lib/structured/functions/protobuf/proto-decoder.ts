import type { InternalRow, InternalValue, Long } from '../../types/data-type.ts';
import { addLong, maxLong, minLong, multiplyLong } from '../../types/long.ts';
import { declaredDefault } from './proto-default.ts';
import type { ProtobufOptions } from './proto-options.ts';
import type { FieldPlan, MessagePlan, ValuePlan } from './proto-plan.ts';
import { isZero, scalarReader, signed32, wireOf, zeroOf } from './proto-scalar.ts';
import { invalidBytes, WireBytes } from './wire-bytes.ts';

/** Decodes the bytes of one message, from a place on. */
export type ProtoDecoder = (bytes: Uint8Array, from: number) => InternalValue;

/**
 * A decoder of messages as structs. What comes twice is taken as the specification says: the last of a value, the sum of messages.
 *
 * Unknown fields are stepped over. A field with the wire type of another, or with a number that its closed enum does not have, is unknown,
 * too; as in Spark it makes the message malformed where it stands in the message itself, and not in one within it.
 */
export function protoDecoder(plan: MessagePlan, options: ProtobufOptions): ProtoDecoder {
  const message = new MessageReader(plan, options, true);
  return (bytes, from) => {
    const gathered = message.begin();
    message.read(new WireBytes(bytes, from), bytes.length, gathered);
    return message.end(gathered);
  };
}

/** What has come for a message so far, by place; a list for what repeats; nested messages are gathered themselves. */
type Gathered = unknown[];

/** Reads a value, with what has come before for it. `undefined`: there is nothing to keep. */
interface ValueReader {
  readonly wire: number;
  read(bytes: WireBytes, limit: number, before: unknown): unknown;
  /** What was gathered, as a value. */
  end(gathered: unknown): InternalValue;
  readonly zero: InternalValue;
}

interface Slot {
  readonly plan: FieldPlan;
  readonly value: ValueReader;
  readonly key?: ValueReader;
  readonly absent: InternalValue;
}

class MessageReader {
  readonly #slots: readonly Slot[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #plan: MessagePlan;
  readonly #isRoot: boolean;

  constructor(plan: MessagePlan, options: ProtobufOptions, isRoot: boolean) {
    this.#plan = plan;
    this.#isRoot = isRoot;
    this.#slots = plan.fields.map((each) => slotOf(each, plan, options));
    this.#places = new Map(plan.fields.map(({ field }, i) => [field.number, i]));
  }

  begin(): Gathered {
    return Array.from({ length: this.#slots.length }, () => undefined);
  }

  read(bytes: WireBytes, limit: number, into: Gathered): void {
    while (bytes.at < limit) {
      const { number, wire } = bytes.tag();
      const place = this.#places.get(number);
      const slot = place === undefined ? undefined : this.#slots[place];
      if (place === undefined || slot === undefined) bytes.skip(number, wire, limit);
      else this.#take({ bytes, limit, wire, place, slot }, into);
    }
    if (bytes.at > limit) invalidBytes('a field is longer than what it is in');
  }

  #take({ bytes, limit, wire, place, slot }: Take, into: Gathered): void {
    const { field } = slot.plan;
    const isPacked = field.label === 'repeated' && wire === 2;
    if (wire !== (slot.key === undefined ? slot.value.wire : 2) && !isPacked) {
      this.#refuse(field.name, `has the wire type ${wire}, which is not its own`);
      bytes.skip(field.number, wire, limit);
      return;
    }
    if (slot.key !== undefined) {
      const list = (into[place] ??= new Map()) as Map<unknown, InternalValue>;
      const [key, value] = readEntry(bytes, bytes.end(limit), slot.key, slot.value);
      list.set(key instanceof Uint8Array ? String(key) : key, value);
      return;
    }
    if (field.label === 'repeated') {
      const list = (into[place] ??= []) as InternalValue[];
      const one = (end: number): void => {
        const value = slot.value.read(bytes, end, undefined);
        if (value === undefined) this.#refuse(field.name, 'has no value of its enum');
        else list.push(slot.value.end(value));
      };
      if (wire === slot.value.wire) return one(limit);
      const end = bytes.end(limit);
      while (bytes.at < end) one(end);
      if (bytes.at !== end) invalidBytes('a packed field is longer than it says');
      return;
    }
    const value = slot.value.read(bytes, limit, into[place]);
    if (value === undefined) {
      this.#refuse(field.name, 'has no value of its enum');
      return;
    }
    if (field.oneof !== undefined) {
      for (const [i, other] of this.#slots.entries()) if (other.plan.field.oneof === field.oneof) into[i] = undefined;
    }
    into[place] = value;
  }

  #refuse(name: string, problem: string): void {
    if (this.#isRoot) invalidBytes(`the field ${name} ${problem}`);
  }

  end(gathered: Gathered): InternalValue {
    return this.#slots.map(({ plan, value, key, absent }, i) => {
      const found = gathered[i];
      if (found === undefined) {
        if (plan.field.label !== 'required') return absent;
        return invalidBytes(`the field ${this.#plan.message.name}.${plan.field.name} is required and not there`);
      }
      if (key !== undefined) {
        const map = found as Map<InternalValue, InternalValue>;
        return { keys: [...map.keys()], values: [...map.values()] };
      }
      if (plan.field.label === 'repeated') return found as InternalValue;
      const end = value.end(found);
      return !plan.hasPresence && isZeroOf(plan.value, end) ? absent : end;
    });
  }
}

interface Take {
  readonly bytes: WireBytes;
  readonly limit: number;
  readonly wire: number;
  readonly place: number;
  readonly slot: Slot;
}

function slotOf(plan: FieldPlan, { message }: MessagePlan, options: ProtobufOptions): Slot {
  const value = readerOf(plan.value, message.isProto3, options);
  if (plan.key !== undefined) {
    return { plan, value, key: readerOf(plan.key, message.isProto3, options), absent: { keys: [], values: [] } };
  }
  if (plan.field.label === 'repeated') return { plan, value, absent: [] };
  const declared = declaredDefault(plan);
  const absent = declared ?? (options.emitsDefaults && !plan.hasPresence ? value.zero : null);
  return { plan, value, absent };
}

/** Whether the bytes would not hold it: zero, and the first value of an enum, which proto3 wants to be zero. */
function isZeroOf(plan: ValuePlan, value: InternalValue): boolean {
  if (plan.kind !== 'enum' || plan.type.kind === 'int') return isZero(value);
  return plan.enum.values.some(([name, number]) => number === 0 && name === value);
}

const asIs = (gathered: unknown): InternalValue => gathered as InternalValue;

function readerOf(plan: ValuePlan, isProto3: boolean, options: ProtobufOptions): ValueReader {
  if (plan.kind === 'scalar') {
    const read = scalarReader(plan.scalar, { upcasts: options.upcastsUnsigned, isStrict: isProto3 });
    return { wire: wireOf(plan.scalar), read, end: asIs, zero: zeroOf(plan.scalar) };
  }
  if (plan.kind === 'enum') {
    // Of several names of a number, the first.
    const names = new Map(plan.enum.values.toReversed().map(([name, number]) => [number, name]));
    const own = plan.enum.name.split('.').at(-1) ?? '';
    const named = (number: number): InternalValue | undefined => {
      if (!names.has(number) && !plan.enum.isProto3) return undefined;
      return options.enumsAsInts ? number : (names.get(number) ?? `UNKNOWN_ENUM_VALUE_${own}_${number}`);
    };
    const [first] = plan.enum.values;
    const zero = (first === undefined ? undefined : named(first[1])) ?? null;
    return { wire: 0, read: (bytes) => named(signed32(bytes.varint())), end: asIs, zero };
  }
  if (plan.kind === 'time') {
    return {
      wire: 2,
      read(bytes, limit, before = [0, 0]) {
        return readTime(bytes, bytes.end(limit), plan, before as readonly [Long, number]);
      },
      end(gathered) {
        const [seconds, nanos] = gathered as readonly [Long, number];
        const micros = addLong(multiplyLong(seconds, 1_000_000), Math.trunc(nanos / 1000));
        if (typeof micros === 'number' || (micros >= minLong && micros <= maxLong)) return micros;
        return invalidBytes(`${seconds} seconds are no time`);
      },
      zero: 0,
    };
  }
  const message = new MessageReader(plan.plan, options, false);
  const whole = (row: InternalValue): InternalValue =>
    plan.kind === 'wrapped' ? ((row as InternalRow)[0] ?? null) : row;
  return {
    wire: 2,
    read(bytes, limit, before = message.begin()) {
      message.read(bytes, bytes.end(limit), before as Gathered);
      return before;
    },
    end: (gathered) => whole(message.end(gathered as Gathered)),
    get zero() {
      return whole(message.end(message.begin()));
    },
  };
}

const int64 = scalarReader('int64', { upcasts: false, isStrict: false });

function readTime(
  bytes: WireBytes,
  end: number,
  plan: Extract<ValuePlan, { kind: 'time' }>,
  before: readonly [Long, number],
): readonly [Long, number] {
  let [seconds, nanos] = before;
  while (bytes.at < end) {
    const { number, wire } = bytes.tag();
    if (wire === 0 && number === plan.seconds) seconds = int64(bytes, end) as Long;
    else if (wire === 0 && number === plan.nanos) nanos = signed32(bytes.varint());
    else bytes.skip(number, wire, end);
  }
  return bytes.at === end ? [seconds, nanos] : invalidBytes('a time is longer than it says');
}

/** A key and a value; what is missing, or no value of its enum, is the default. */
function readEntry(
  bytes: WireBytes,
  end: number,
  key: ValueReader,
  value: ValueReader,
): readonly [InternalValue, InternalValue] {
  let [first, second]: unknown[] = [];
  while (bytes.at < end) {
    const { number, wire } = bytes.tag();
    if (number === 1 && wire === key.wire) first = key.read(bytes, end, undefined);
    else if (number === 2 && wire === value.wire) second = value.read(bytes, end, second) ?? second;
    else bytes.skip(number, wire, end);
  }
  if (bytes.at > end) invalidBytes('an entry of a map is longer than it says');
  return [first === undefined ? key.zero : key.end(first), second === undefined ? value.zero : value.end(second)];
}
