import {
  and,
  block,
  branch,
  branchIf,
  bytes16,
  call,
  type Code,
  differ,
  eitherBits,
  equalBytes,
  get,
  give,
  highBits,
  i32,
  isZero,
  Label,
  lessUnsigned,
  loadByte,
  loadBytes16,
  loadI32,
  type Local,
  loop,
  minus,
  more,
  moreUnsigned,
  or,
  plus,
  same,
  set,
  smallerBytes,
  trailingZeros,
  when,
} from '../../../kernel/wasm/instructions.ts';
import { utf8Bytes } from '../../types/utf8.ts';
import { Locals, type WasmFunction } from '../../../kernel/wasm/module.ts';

/** Positions of the functions among those of the module: which they are is also how they call each other. */
const [textEnd, skippedText, skippedNumber, skippedValue] = [0, 1, 2, 3] as const;

const maxSkipDepth = 30;
const maxNumberLength = 300;

/** The `"` that ends a text whose first character stands at `at`: 0 when not sure, negative when bytes beyond ASCII are in it. */
export const endOfText = (at: Code): Code => call(textEnd, at);
/** Behind a number that is JSON; 0 when it is none. */
export const behindNumber = (at: Code): Code => call(skippedNumber, at);
/** Behind a value that is JSON; 0 when not sure. */
export const behindValue = (at: Code): Code => call(skippedValue, at, i32(0));

/** Four characters as a load of 32 bits gives them. */
export const word = (text: string): Code => i32(new DataView(utf8Bytes(text).buffer).getInt32(0, true));
export const byte = (char: string): Code => i32(char.charCodeAt(0));

/** Moves `at` over blanks. */
export function skipBlanks(at: Local, c: Local): Code {
  const [done, next] = [new Label(), new Label()];
  return block(
    done,
    loop(
      next,
      set(c, loadByte(get(at))),
      branchIf(done, moreUnsigned(get(c), i32(32))),
      branchIf(
        done,
        isZero(or(or(same(get(c), i32(32)), same(get(c), i32(10))), or(same(get(c), i32(13)), same(get(c), i32(9))))),
      ),
      set(at, plus(get(at), i32(1))),
      branch(next),
    ),
  );
}

/** Moves `at` over digits, each of which `each` may look at: `digit` is its value. */
export function skipDigits(at: Local, digit: Local, each: Code = []): Code {
  const [done, next] = [new Label(), new Label()];
  return block(
    done,
    loop(
      next,
      set(digit, minus(loadByte(get(at)), i32(48))),
      branchIf(done, moreUnsigned(get(digit), i32(9))),
      each,
      set(at, plus(get(at), i32(1))),
      branch(next),
    ),
  );
}

/**
 * What passes over parts of JSON that nobody reads and is sure that they are JSON. Nothing looks for the end of the record: whatever
 * follows the bytes ends every run (a zero), and whoever calls compares the last position with the record's end.
 */
export function skipFunctions(): readonly WasmFunction[] {
  return [textEndFunction(), textFunction(), numberFunction(), valueFunction()];
}

/** The bits of the bytes of `v` that end or spoil a plain text: a quote, a backslash, a control character. */
function specialsOf(v: Local): Code {
  return highBits(
    eitherBits(
      eitherBits(equalBytes(get(v), bytes16(0x22)), equalBytes(get(v), bytes16(0x5c))),
      equalBytes(smallerBytes(get(v), bytes16(0x1f)), get(v)),
    ),
  );
}

function textEndFunction(): WasmFunction {
  const locals = new Locals(1);
  const at = locals.parameter(0);
  const [v, found, high] = [locals.add('v128'), locals.add('i32'), locals.add('i32')];
  const next = new Label();
  // The bits below the first special one.
  const before = and(minus(get(found), i32(1)), minus(i32(-1), get(found)));
  const code = [
    ...loop(
      next,
      set(v, loadBytes16(get(at))),
      set(found, specialsOf(v)),
      when(isZero(get(found)), [
        ...set(high, or(get(high), highBits(get(v)))),
        ...set(at, plus(get(at), i32(16))),
        ...branch(next),
      ]),
    ),
    ...set(high, or(get(high), and(highBits(get(v)), before))),
    ...set(at, plus(get(at), trailingZeros(get(found)))),
    ...when(differ(loadByte(get(at)), byte('"')), give(i32(0))),
    ...when(get(high), give(minus(i32(0), get(at)))),
    ...get(at),
  ];
  return { parameters: 1, hasResult: true, locals, code };
}

/** From the first character to behind the quote; escapes of one character are fine. */
function textFunction(): WasmFunction {
  const locals = new Locals(1);
  const at = locals.parameter(0);
  const [v, found, c] = [locals.add('v128'), locals.add('i32'), locals.add('i32')];
  const [next, escaped] = [new Label(), new Label()];
  const code = [
    ...loop(
      next,
      set(v, loadBytes16(get(at))),
      set(found, specialsOf(v)),
      when(isZero(get(found)), [...set(at, plus(get(at), i32(16))), ...branch(next)]),
      set(at, plus(get(at), trailingZeros(get(found)))),
      set(c, loadByte(get(at))),
      when(same(get(c), byte('"')), give(plus(get(at), i32(1)))),
      when(differ(get(c), byte('\\')), give(i32(0))),
      set(c, loadByte(get(at), 1)),
      block(
        escaped,
        ...['"', '\\', '/', 'b', 'f', 'n', 'r', 't'].map((char) => branchIf(escaped, same(get(c), byte(char)))),
        give(i32(0)),
      ),
      set(at, plus(get(at), i32(2))),
      branch(next),
    ),
    ...i32(0),
  ];
  return { parameters: 1, hasResult: true, locals, code };
}

function numberFunction(): WasmFunction {
  const locals = new Locals(1);
  const from = locals.parameter(0);
  const [at, start, c] = [locals.add('i32'), locals.add('i32'), locals.add('i32')];
  const letter = or(loadByte(get(at)), i32(0x20));
  const code = [
    ...set(at, plus(get(from), same(loadByte(get(from)), byte('-')))),
    ...set(start, get(at)),
    ...skipDigits(at, c),
    ...when(same(get(at), get(start)), give(i32(0))),
    ...when(and(more(minus(get(at), get(start)), i32(1)), same(loadByte(get(start)), byte('0'))), give(i32(0))),
    ...when(same(loadByte(get(at)), byte('.')), [
      ...set(at, plus(get(at), i32(1))),
      ...set(start, get(at)),
      ...skipDigits(at, c),
      ...when(same(get(at), get(start)), give(i32(0))),
    ]),
    ...when(same(letter, byte('e')), [
      ...set(at, plus(get(at), i32(1))),
      ...set(c, loadByte(get(at))),
      ...set(at, plus(get(at), or(same(get(c), byte('+')), same(get(c), byte('-'))))),
      ...set(start, get(at)),
      ...skipDigits(at, c),
      ...when(same(get(at), get(start)), give(i32(0))),
    ]),
    ...when(more(minus(get(at), get(from)), i32(maxNumberLength)), give(i32(0))),
    ...get(at),
  ];
  return { parameters: 1, hasResult: true, locals, code };
}

/** `(at, depth)`. Words and numbers need no look at what follows: only a blank, a comma or a bracket is accepted there. */
function valueFunction(): WasmFunction {
  const locals = new Locals(2);
  const [at, depth] = [locals.parameter(0), locals.parameter(1)];
  const [c, close, isObject] = [locals.add('i32'), locals.add('i32'), locals.add('i32')];
  const next = new Label();
  const oneOn = set(at, plus(get(at), i32(1)));
  const isUnsure = isZero(get(at));
  const code = [
    ...when(more(get(depth), i32(maxSkipDepth)), give(i32(0))),
    ...set(c, loadByte(get(at))),
    ...when(same(get(c), byte('"')), give(call(skippedText, plus(get(at), i32(1))))),
    ...when(lessUnsigned(get(c), byte('A')), give(call(skippedNumber, get(at)))),
    ...when(same(loadI32(get(at)), word('true')), give(plus(get(at), i32(4)))),
    ...when(same(loadI32(get(at)), word('null')), give(plus(get(at), i32(4)))),
    ...when(and(same(get(c), byte('f')), same(loadI32(get(at), 1), word('alse'))), give(plus(get(at), i32(5)))),
    ...set(isObject, same(get(c), byte('{'))),
    ...when(isZero(or(get(isObject), same(get(c), byte('[')))), give(i32(0))),
    // The closing bracket stands two behind the opening one.
    ...set(close, plus(get(c), i32(2))),
    ...oneOn,
    ...skipBlanks(at, c),
    ...when(same(get(c), get(close)), give(plus(get(at), i32(1)))),
    ...loop(
      next,
      when(get(isObject), [
        ...when(differ(loadByte(get(at)), byte('"')), give(i32(0))),
        ...set(at, call(skippedText, plus(get(at), i32(1)))),
        ...when(isUnsure, give(i32(0))),
        ...skipBlanks(at, c),
        ...when(differ(get(c), byte(':')), give(i32(0))),
        ...oneOn,
        ...skipBlanks(at, c),
      ]),
      set(at, call(skippedValue, get(at), plus(get(depth), i32(1)))),
      when(isUnsure, give(i32(0))),
      skipBlanks(at, c),
      oneOn,
      when(same(get(c), get(close)), give(get(at))),
      when(differ(get(c), byte(',')), give(i32(0))),
      skipBlanks(at, c),
      branch(next),
    ),
    ...i32(0),
  ];
  return { parameters: 2, hasResult: true, locals, code };
}
