/** Where a branch goes: behind a block or an `if`, or to the start of a loop. */
export class Label {
  readonly kind = 'label';
}

/** Code of a function: bytes, and blocks whose branches get their depth when the function is put together. */
export type Code = readonly (number | Nest | Branch)[];

interface Nest {
  readonly kind: 'nest';
  readonly opcode: number;
  readonly label: Label;
  readonly body: Code;
  readonly otherwise: Code | undefined;
}

interface Branch {
  readonly kind: 'branch';
  readonly opcode: number;
  readonly label: Label;
}

const noValue = 0x40;

/** The bytes of code, with branches counted from where they stand. */
export function assemble(code: Code): number[] {
  const bytes: number[] = [];
  append(code, [], bytes);
  return bytes;
}

function append(code: Code, labels: readonly Label[], bytes: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') {
      bytes.push(part);
    } else if (part.kind === 'branch') {
      bytes.push(part.opcode, ...unsigned(labels.length - 1 - labels.lastIndexOf(part.label)));
    } else {
      const inner = [...labels, part.label];
      bytes.push(part.opcode, noValue);
      append(part.body, inner, bytes);
      if (part.otherwise !== undefined) {
        bytes.push(0x05);
        append(part.otherwise, inner, bytes);
      }
      bytes.push(0x0b);
    }
  }
}

/** LEB128 of a number that is not negative. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A variable of a function, by its position. */
export interface Local {
  readonly index: number;
}

export const get = ({ index }: Local): Code => [0x20, ...unsigned(index)];
export const set = ({ index }: Local, value: Code): Code => [...value, 0x21, ...unsigned(index)];

export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const i64 = (value: number): Code => [0x42, ...signed(value)];
export const f64 = (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)];
/** The same byte in each of 16 places. */
export const bytes16 = (value: number): Code => [0xfd, 0x0c, ...Array.from({ length: 16 }, () => value)];

const one =
  (...opcode: readonly number[]) =>
  (value: Code): Code => [...value, ...opcode];
const two =
  (...opcode: readonly number[]) =>
  (left: Code, right: Code): Code => [...left, ...right, ...opcode];

export const isZero = one(0x45);
export const same = two(0x46);
export const differ = two(0x47);
export const less = two(0x48);
export const lessUnsigned = two(0x49);
export const more = two(0x4a);
export const moreUnsigned = two(0x4b);
export const trailingZeros = one(0x68);
export const plus = two(0x6a);
export const minus = two(0x6b);
export const and = two(0x71);
export const or = two(0x72);
export const exclusiveOr = two(0x73);
export const shiftLeft = two(0x74);
export const shiftRight = two(0x76);
export const isZero64 = one(0x50);
export const same64 = two(0x51);
export const more64 = two(0x55);
export const plus64 = two(0x7c);
export const minus64 = two(0x7d);
export const times64 = two(0x7e);
export const and64 = two(0x83);
export const or64 = two(0x84);
export const exclusiveOr64 = two(0x85);
export const shiftLeft64 = two(0x86);
export const shiftRight64 = two(0x88);
export const toI32 = one(0xa7);
export const toI64 = one(0xad);
export const toF64 = one(0xb9);
export const negated = one(0x9a);
export const plusF64 = two(0xa0);
export const timesF64 = two(0xa2);
export const dividedF64 = two(0xa3);
export const equalBytes = two(0xfd, 0x23);
/** Bytes as numbers without a sign. */
export const lessBytes = two(0xfd, 0x26);
export const bothBits = two(0xfd, 0x4e);
export const eitherBits = two(0xfd, 0x50);
export const smallerBytes = two(0xfd, 0x77);
export const minusBytes = two(0xfd, 0x71);
/** The highest bit of each of 16 bytes. */
export const highBits = one(0xfd, 0x64);
/** The first and the last 8 of 16 bytes. */
export const firstHalf = one(0xfd, 0x1d, 0);
export const lastHalf = one(0xfd, 0x1d, 1);

/** Loads and stores take any address: none is aligned. */
const load =
  (...opcode: readonly number[]) =>
  (at: Code, offset = 0): Code => [...at, ...opcode, 0, ...unsigned(offset)];
const store =
  (opcode: number) =>
  (at: Code, value: Code, offset = 0): Code => [...at, ...value, opcode, 0, ...unsigned(offset)];

export const loadI32 = load(0x28);
export const loadI64 = load(0x29);
export const loadF64 = load(0x2b);
export const loadByte = load(0x2d);
export const loadBytes16 = load(0xfd, 0x00);
export const storeI32 = store(0x36);
export const storeI64 = store(0x37);
export const storeF64 = store(0x39);
export const storeByte = store(0x3a);
/** Copies so many bytes; the ranges may overlap. */
export const copyBytes = (to: Code, from: Code, size: Code): Code => [...to, ...from, ...size, 0xfc, 0x0a, 0, 0];

export const block = (label: Label, ...body: readonly Code[]): Code => [nest(0x02, label, body.flat())];
export const loop = (label: Label, ...body: readonly Code[]): Code => [nest(0x03, label, body.flat())];
export const when = (condition: Code, body: Code, otherwise?: Code): Code => [
  ...condition,
  nest(0x04, new Label(), body, otherwise),
];
export const branch = (label: Label): Code => [{ kind: 'branch', opcode: 0x0c, label }];
export const branchIf = (label: Label, condition: Code): Code => [
  ...condition,
  { kind: 'branch', opcode: 0x0d, label },
];
export const call = (index: number, ...args: readonly Code[]): Code => [...args.flat(), 0x10, ...unsigned(index)];
export const give = (value: Code): Code => [...value, 0x0f];

function nest(opcode: number, label: Label, body: Code, otherwise?: Code): Nest {
  return { kind: 'nest', opcode, label, body, otherwise };
}
