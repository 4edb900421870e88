import {
  and,
  bothBits,
  block,
  branch,
  branchIf,
  bytes16,
  call,
  type Code,
  copyBytes,
  differ,
  eitherBits,
  equalBytes,
  exclusiveOr64,
  firstHalf,
  get,
  give,
  highBits,
  i32,
  i64,
  isZero,
  Label,
  lastHalf,
  less,
  lessBytes,
  loadByte,
  loadBytes16,
  loadI32,
  loadI64,
  type Local,
  loop,
  minus,
  minusBytes,
  more,
  or,
  plus,
  same,
  same64,
  set,
  shiftLeft,
  shiftRight64,
  storeI32,
  storeI64,
  times64,
  toI32,
  trailingZeros,
  when,
} from '../../kernel/wasm/instructions.ts';
import { Locals, type WasmFunction } from '../../kernel/wasm/module.ts';
import {
  countedAt,
  ended,
  fromAt,
  head,
  key,
  keyBytesAt,
  keysAt,
  masksAt,
  mostKeyBytes,
  numberBits,
  sizeAt,
  slotsAt,
} from './count-layout.ts';

/** A longer key has a hash in place of its last bytes, and all of its bytes are compared. */
const shortKey = 16;
const hashBits = -1 << numberBits;
/** So far a key may stand from its place: behind that the hash is no good for these keys. */
const farthest = 512;

/**
 * Counts texts in a table with open addressing. `run(rows, shift, areLines)` goes from the row of the head up to `rows`: a row is
 * `size` bytes at `from + shift` and counts itself (a size of -1 is null), or with `areLines` each of its words. It ends early when a key
 * has no place, with the row and the position to go on from in the head.
 */
export function countFunctions(): readonly WasmFunction[] {
  return [sameBytes(), countRows()];
}

/** Whether `size` bytes at two places are the same. */
function sameBytes(): WasmFunction {
  const locals = new Locals(3);
  const [a, b, size] = [locals.parameter(0), locals.parameter(1), locals.parameter(2)];
  const next = new Label();
  const code = [
    ...loop(
      next,
      when(less(get(size), i32(1)), give(i32(1))),
      when(differ(loadByte(get(a)), loadByte(get(b))), give(i32(0))),
      set(a, plus(get(a), i32(1))),
      set(b, plus(get(b), i32(1))),
      set(size, minus(get(size), i32(1))),
      branch(next),
    ),
    ...i32(0),
  ];
  return { parameters: 3, hasResult: true, locals, code };
}

const seed = (which: number): Code => loadI64(i32(head.seeds + 8 * which));

/** A bit for each of 16 bytes that is a blank: a space, or one from tab to carriage return. */
function blanksAt(at: Local, v: Local): Code {
  return [
    ...set(v, loadBytes16(get(at))),
    ...highBits(eitherBits(equalBytes(get(v), bytes16(0x20)), lessBytes(minusBytes(get(v), bytes16(9)), bytes16(5)))),
  ];
}

function countRows(): WasmFunction {
  const locals = new Locals(3);
  const [rows, shift, areLines] = [locals.parameter(0), locals.parameter(1), locals.parameter(2)];
  const i32s = () => locals.add('i32');
  const [row, p, end, size, q, bits] = [i32s(), i32s(), i32s(), i32s(), i32s(), i32s()];
  const [place, slot, known, hash, probes] = [i32s(), i32s(), i32s(), i32s(), i32s()];
  const [keys, counted, keyBytes, offset] = [i32s(), i32s(), i32s(), i32s()];
  const [first, second, mixed] = [locals.add('i64'), locals.add('i64'), locals.add('i64')];
  const v = locals.add('v128');

  const leave = (how: number): Code => [
    ...storeI32(i32(head.keys), get(keys)),
    ...storeI32(i32(head.counted), get(counted)),
    ...storeI32(i32(head.keyBytes), get(keyBytes)),
    ...storeI32(i32(head.row), get(row)),
    ...give(i32(how)),
  ];
  const noPlace = (how: number): Code => [...storeI32(i32(head.at), get(p)), ...leave(how)];

  const nextWord = new Label();
  const rowDone = new Label();

  /** Moves `p` to the next word and `size` to its length. */
  const findWord = (): Code => {
    const [blanks, letters] = [new Label(), new Label()];
    return [
      ...loop(
        blanks,
        branchIf(rowDone, isZero(less(get(p), get(end)))),
        set(bits, minus(i32(0xffff), blanksAt(p, v))),
        // The lowest bit that is set; of none, 16.
        set(p, plus(get(p), trailingZeros(or(get(bits), i32(0x10000))))),
        branchIf(blanks, isZero(get(bits))),
      ),
      ...branchIf(rowDone, isZero(less(get(p), get(end)))),
      ...set(q, get(p)),
      ...loop(
        letters,
        set(bits, blanksAt(q, v)),
        set(q, plus(get(q), trailingZeros(or(get(bits), i32(0x10000))))),
        when(isZero(get(bits)), branchIf(letters, less(get(q), get(end)))),
      ),
      ...when(more(get(q), get(end)), set(q, get(end))),
      ...set(size, minus(get(q), get(p))),
    ];
  };

  /** What tells the text of `size` bytes at `p` from others: its bytes when it is short. */
  const readKey = (): Code => {
    const next = new Label();
    return when(
      less(get(size), i32(shortKey + 1)),
      [
        ...set(v, bothBits(loadBytes16(get(p)), loadBytes16(shiftLeft(plus(get(size), i32(1)), i32(4)), masksAt))),
        ...set(first, firstHalf(get(v))),
        ...set(second, lastHalf(get(v))),
      ],
      [
        ...set(first, loadI64(get(p))),
        ...set(second, seed(0)),
        ...set(q, plus(get(p), i32(8))),
        ...set(offset, minus(plus(get(p), get(size)), i32(8))),
        ...loop(
          next,
          set(second, times64(exclusiveOr64(get(second), loadI64(get(q))), seed(1))),
          set(second, exclusiveOr64(get(second), shiftRight64(get(second), i64(29)))),
          set(q, plus(get(q), i32(8))),
          branchIf(next, less(get(q), get(offset))),
        ),
        ...set(second, times64(exclusiveOr64(get(second), loadI64(get(offset))), seed(1))),
      ],
    );
  };

  const addKey = (): Code => [
    ...when(isZero(less(get(keys), loadI32(i32(head.limit)))), noPlace(ended.full)),
    ...when(more(plus(get(keyBytes), get(size)), i32(mostKeyBytes)), noPlace(ended.full)),
    ...set(place, plus(i32(keysAt), shiftLeft(get(keys), i32(5)))),
    ...storeI64(get(place), get(first), key.first),
    ...storeI64(get(place), get(second), key.second),
    ...storeI32(get(place), get(size), key.size),
    ...storeI32(get(place), i32(0), key.count),
    ...storeI32(get(place), get(keyBytes), key.bytesAt),
    ...storeI32(get(place), get(hash), key.hash),
    ...set(keys, plus(get(keys), i32(1))),
    ...set(known, or(get(keys), and(get(hash), i32(hashBits)))),
    ...storeI32(get(slot), get(known)),
    ...when(more(get(size), i32(0)), [
      ...copyBytes(plus(i32(keyBytesAt), get(keyBytes)), get(p), get(size)),
      ...set(keyBytes, plus(get(keyBytes), get(size))),
    ]),
  ];

  /** Moves `place` to the key, which is added when it is not there. */
  const findKey = (): Code => {
    const [probe, found] = [new Label(), new Label()];
    return [
      ...set(mixed, times64(exclusiveOr64(get(first), seed(1)), seed(0))),
      ...set(
        mixed,
        times64(exclusiveOr64(exclusiveOr64(get(mixed), shiftRight64(get(mixed), i64(32))), get(second)), seed(1)),
      ),
      ...set(hash, toI32(shiftRight64(get(mixed), i64(32)))),
      ...set(q, and(get(hash), loadI32(i32(head.mask)))),
      ...set(probes, i32(0)),
      ...block(
        found,
        loop(
          probe,
          set(slot, plus(i32(slotsAt), shiftLeft(get(q), i32(2)))),
          set(known, loadI32(get(slot))),
          when(isZero(get(known)), [...addKey(), ...branch(found)]),
          when(same(and(get(known), i32(hashBits)), and(get(hash), i32(hashBits))), [
            ...set(place, plus(i32(keysAt - 32), shiftLeft(and(get(known), i32(~hashBits)), i32(5)))),
            ...when(
              and(
                and(same(loadI32(get(place), key.size), get(size)), same64(loadI64(get(place), key.first), get(first))),
                same64(loadI64(get(place), key.second), get(second)),
              ),
              [
                ...branchIf(found, less(get(size), i32(shortKey + 1))),
                ...branchIf(found, call(0, plus(i32(keyBytesAt), loadI32(get(place), key.bytesAt)), get(p), get(size))),
              ],
            ),
          ]),
          set(probes, plus(get(probes), i32(1))),
          when(same(get(probes), i32(farthest)), noPlace(ended.crowded)),
          set(q, and(plus(get(q), i32(1)), loadI32(i32(head.mask)))),
          branch(probe),
        ),
      ),
    ];
  };

  const countOne = (): Code => [
    ...set(q, loadI32(get(place), key.count)),
    ...when(isZero(get(q)), [
      ...storeI32(
        plus(i32(countedAt), shiftLeft(get(counted), i32(2))),
        minus(and(get(known), i32(~hashBits)), i32(1)),
      ),
      ...set(counted, plus(get(counted), i32(1))),
    ]),
    ...storeI32(get(place), plus(get(q), i32(1)), key.count),
  ];

  const nextRow = new Label();
  const code = [
    ...set(row, loadI32(i32(head.row))),
    ...set(keys, loadI32(i32(head.keys))),
    ...set(counted, loadI32(i32(head.counted))),
    ...set(keyBytes, loadI32(i32(head.keyBytes))),
    ...loop(
      nextRow,
      when(isZero(less(get(row), get(rows))), leave(ended.done)),
      set(p, plus(loadI32(shiftLeft(get(row), i32(2)), fromAt), get(shift))),
      set(size, loadI32(shiftLeft(get(row), i32(2)), sizeAt)),
      set(end, plus(get(p), get(size))),
      set(q, loadI32(i32(head.at))),
      when(differ(get(q), i32(-1)), [...set(p, get(q)), ...storeI32(i32(head.at), i32(-1))]),
      block(
        rowDone,
        loop(
          nextWord,
          when(get(areLines), findWord()),
          readKey(),
          findKey(),
          countOne(),
          branchIf(rowDone, isZero(get(areLines))),
          // Behind the word is a blank, or the end.
          set(p, plus(plus(get(p), get(size)), i32(1))),
          branch(nextWord),
        ),
      ),
      set(row, plus(get(row), i32(1))),
      branch(nextRow),
    ),
    ...i32(ended.done),
  ];
  return { parameters: 3, hasResult: true, locals, code };
}
