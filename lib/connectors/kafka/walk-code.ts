import {
  and,
  and64,
  block,
  branch,
  branchIf,
  type Code,
  differ,
  exclusiveOr,
  exclusiveOr64,
  get,
  i32,
  i64,
  isZero,
  Label,
  less,
  loadByte,
  loadF64,
  loadI32,
  loop,
  minus,
  minus64,
  more64,
  moreUnsigned,
  or,
  or64,
  plus,
  plus64,
  plusF64,
  set,
  shiftLeft,
  shiftLeft64,
  shiftRight,
  shiftRight64,
  storeByte,
  storeF64,
  storeI32,
  toF64,
  toI64,
  when,
} from '../../kernel/wasm/instructions.ts';
import { Locals, type WasmFunction } from '../../kernel/wasm/module.ts';

/** Records that are walked over in one call at most, and the bytes that they may lie in. */
export const rowsAtOnce = 2048;
export const bytesAtOnce = 128 << 10;

/** The numbers before and behind a key are read without a look at where the bytes end. */
const margin = 64;

/** What both sides know, at the beginning of the memory. */
export const walkHead = {
  /** In: the time that the records' times count from. */
  baseTimestamp: 0,
  /** In: records with an offset below this one, counted from the batch's, are passed over. */
  fromDelta: 8,
  maxRecordBytes: 12,
  /** Out: behind the last record that was walked over. */
  position: 16,
  walked: 20,
  /** Out: one of the records has headers. */
  hasHeaders: 24,
  /** Out: an offset is not the one after its predecessor. */
  hasHoles: 28,
} as const;

/** Columns: of each record that is kept, in order. */
export const timestampsAt = 64;
export const keyStartAt = timestampsAt + 8 * rowsAtOnce;
export const keySizeAt = keyStartAt + 4 * rowsAtOnce;
export const valueStartAt = keySizeAt + 4 * rowsAtOnce;
export const valueSizeAt = valueStartAt + 4 * rowsAtOnce;
/** Offsets, counted from the batch's. */
export const deltasAt = valueSizeAt + 4 * rowsAtOnce;
export const inputAt = deltasAt + 4 * rowsAtOnce;
export const memoryBytes = inputAt + bytesAtOnce + margin;

/** A time takes more bytes than this only where it is no time. */
const maxTimeBytes = 7;

/**
 * `(until, records, shift)` walks over at most so many records, from `inputAt` up to `until`, and gives how many it kept; `shift` leads
 * from a position in the memory to one in the block's bytes.
 *
 * It stops before a record that does not end there, or that it is not sure of: whoever calls reads that one in another way. Marks of
 * continuation are cleared in the numbers that it reads, as `decodeRecords` does.
 */
export function walkFunction(): WasmFunction {
  const locals = new Locals(3);
  const [until, records, shift] = [locals.parameter(0), locals.parameter(1), locals.parameter(2)];
  const i32s = () => locals.add('i32');
  const [from, p, c, row, walked, end, start] = [i32s(), i32s(), i32s(), i32s(), i32s(), i32s(), i32s()];
  const [length, delta, expected, keyStart, keySize, valueSize] = [i32s(), i32s(), i32s(), i32s(), i32s(), i32s()];
  const [bits, headers, holes, fromDelta, maxBytes] = [i32s(), i32s(), i32s(), i32s(), i32s()];
  const [time, timeBits] = [locals.add('i64'), locals.add('i64')];
  const base = locals.add('f64');
  const [next, stop] = [new Label(), new Label()];

  /** The next byte into `c`. */
  const readByte: Code = [...set(c, loadByte(get(p))), ...set(p, plus(get(p), i32(1)))];
  const isMarked = moreUnsigned(get(c), i32(127));
  const clearMark: Code = storeByte(minus(get(p), i32(1)), and(get(c), i32(127)));

  /** A number of up to 32 bits; most have one or two bytes. */
  const readNumber = (to: typeof length): Code => {
    const more = new Label();
    return [
      ...readByte,
      ...set(to, get(c)),
      ...when(isMarked, [
        ...clearMark,
        ...set(to, and(get(c), i32(127))),
        ...set(bits, i32(7)),
        ...loop(
          more,
          readByte,
          set(to, or(get(to), shiftLeft(and(get(c), i32(127)), get(bits)))),
          when(isMarked, [
            ...clearMark,
            ...set(bits, plus(get(bits), i32(7))),
            ...branchIf(stop, moreUnsigned(get(bits), i32(28))),
            ...branch(more),
          ]),
        ),
      ]),
      ...set(to, exclusiveOr(shiftRight(get(to), i32(1)), minus(i32(0), and(get(to), i32(1))))),
    ];
  };

  const readTime = (): Code => {
    const more = new Label();
    return [
      ...readByte,
      ...set(time, toI64(get(c))),
      ...when(isMarked, [
        ...clearMark,
        ...set(time, toI64(and(get(c), i32(127)))),
        ...set(timeBits, i64(7)),
        ...loop(
          more,
          readByte,
          set(time, or64(get(time), shiftLeft64(toI64(and(get(c), i32(127))), get(timeBits)))),
          when(isMarked, [
            ...clearMark,
            ...set(timeBits, plus64(get(timeBits), i64(7))),
            ...branchIf(stop, more64(get(timeBits), i64(7 * (maxTimeBytes - 1)))),
            ...branch(more),
          ]),
        ),
      ]),
      ...set(time, exclusiveOr64(shiftRight64(get(time), i64(1)), minus64(i64(0), and64(get(time), i64(1))))),
    ];
  };

  /** Passes over so many bytes, if it is not -1: behind them the record goes on. As numbers without a sign, nothing overflows. */
  const pass = (size: typeof length): Code => [
    ...when(less(i32(0), get(size)), set(p, plus(get(p), get(size)))),
    ...branchIf(stop, moreUnsigned(plus(get(p), i32(1)), get(end))),
  ];

  const store = (column: number, value: Code): Code => storeI32(shiftLeft(get(row), i32(2)), value, column);

  const keep: Code = [
    ...set(holes, or(get(holes), and(differ(get(delta), get(expected)), less(i32(0), get(row))))),
    ...set(expected, plus(get(delta), i32(1))),
    ...store(deltasAt, get(delta)),
    ...store(keyStartAt, plus(get(keyStart), get(shift))),
    ...store(keySizeAt, get(keySize)),
    ...store(valueStartAt, plus(get(start), get(shift))),
    ...store(valueSizeAt, get(valueSize)),
    ...storeF64(shiftLeft(get(row), i32(3)), plusF64(get(base), toF64(get(time))), timestampsAt),
    ...set(headers, or(get(headers), loadByte(get(p)))),
    ...set(row, plus(get(row), i32(1))),
  ];

  const code = [
    ...set(base, loadF64(i32(walkHead.baseTimestamp))),
    ...set(fromDelta, loadI32(i32(walkHead.fromDelta))),
    ...set(maxBytes, loadI32(i32(walkHead.maxRecordBytes))),
    ...set(end, i32(inputAt)),
    ...block(
      stop,
      loop(
        next,
        set(from, get(end)),
        branchIf(stop, isZero(less(get(walked), get(records)))),
        set(p, get(from)),
        readNumber(length),
        branchIf(stop, moreUnsigned(get(p), get(until))),
        // A negative length is a large one here.
        branchIf(stop, moreUnsigned(get(length), minus(get(until), get(p)))),
        branchIf(stop, moreUnsigned(get(length), get(maxBytes))),
        set(end, plus(get(p), get(length))),
        set(p, plus(get(p), i32(1))),
        readTime(),
        readNumber(delta),
        readNumber(keySize),
        set(keyStart, get(p)),
        pass(keySize),
        readNumber(valueSize),
        set(start, get(p)),
        pass(valueSize),
        when(isZero(less(get(delta), get(fromDelta))), keep),
        set(walked, plus(get(walked), i32(1))),
        branch(next),
      ),
    ),
    ...storeI32(i32(walkHead.position), get(from)),
    ...storeI32(i32(walkHead.walked), get(walked)),
    ...storeI32(i32(walkHead.hasHeaders), get(headers)),
    ...storeI32(i32(walkHead.hasHoles), get(holes)),
    ...get(row),
  ];
  return { parameters: 3, hasResult: true, locals, code };
}
