import {
  and,
  block,
  branch,
  branchIf,
  type Code,
  differ,
  dividedF64,
  f64,
  get,
  i32,
  i64,
  isZero,
  isZero64,
  Label,
  less,
  loadByte,
  loadI32,
  loop,
  minus,
  more,
  more64,
  negated,
  or,
  plus,
  plus64,
  same,
  set,
  shiftLeft,
  storeByte,
  storeF64,
  storeI32,
  times64,
  timesF64,
  toF64,
  toI64,
  when,
} from '../../../kernel/wasm/instructions.ts';
import { Locals, type WasmFunction } from '../../../kernel/wasm/module.ts';
import type { BlockLayout, FieldKind } from './block-layout.ts';
import { behindNumber, behindValue, byte, endOfText, skipBlanks, skipDigits, word } from './skip-code.ts';

/** A field of the records: its name is ASCII without quotes and backslashes. */
export interface ScannedField {
  readonly name: Uint8Array;
  readonly kind: FieldKind;
}

/** All digits of a number up to here are exact in a double. */
const maxDigits = 15;

/**
 * The function `(records)` that looks for the fields in each record and notes what it finds; a record of which it is not sure gets 0.
 * What it accepts and refuses is that of the scanner of single records (`json-scan.ts`).
 */
export function scanFunction(fields: readonly ScannedField[], layout: BlockLayout): WasmFunction {
  return new ScanCode(fields, layout).build();
}

class ScanCode {
  readonly #fields: readonly ScannedField[];
  readonly #layout: BlockLayout;
  readonly #locals = new Locals(1);
  readonly #rows = this.#locals.parameter(0);
  readonly #row = this.#locals.add('i32');
  readonly #at = this.#locals.add('i32');
  readonly #end = this.#locals.add('i32');
  readonly #key = this.#locals.add('i32');
  readonly #length = this.#locals.add('i32');
  readonly #c = this.#locals.add('i32');
  readonly #start = this.#locals.add('i32');
  readonly #isNegative = this.#locals.add('i32');
  readonly #digits = this.#locals.add('i64');
  readonly #number = this.#locals.add('f64');
  readonly #unsure = new Label();

  constructor(fields: readonly ScannedField[], layout: BlockLayout) {
    this.#fields = fields;
    this.#layout = layout;
  }

  build(): WasmFunction {
    const [next, done] = [new Label(), new Label()];
    const row = this.#row;
    const code = block(
      done,
      loop(
        next,
        branchIf(done, isZero(less(get(row), get(this.#rows)))),
        storeByte(get(row), i32(0), this.#layout.sure),
        block(this.#unsure, this.#record(), storeByte(get(row), i32(1), this.#layout.sure)),
        set(row, plus(get(row), i32(1))),
        branch(next),
      ),
    );
    return { parameters: 1, hasResult: false, locals: this.#locals, code };
  }

  #record(): Code {
    const [closed, member] = [new Label(), new Label()];
    const at = this.#at;
    return [
      ...this.#fields.flatMap((_, i) => this.#noteNull(i)),
      ...set(at, loadI32(this.#place(4), this.#layout.from)),
      ...this.#blanks(),
      ...this.#expect('{'),
      ...this.#blanks(),
      ...block(
        closed,
        when(same(get(this.#c), byte('}')), [...this.#advance(1), ...branch(closed)]),
        loop(
          member,
          this.#expect('"'),
          this.#name(),
          this.#value(),
          this.#blanks(),
          this.#advance(1),
          when(same(get(this.#c), byte(',')), [...this.#blanks(), ...branch(member)]),
          branchIf(this.#unsure, differ(get(this.#c), byte('}'))),
        ),
      ),
      // Everything up to here was read without a look at the record's end.
      ...branchIf(this.#unsure, more(get(at), loadI32(this.#place(4), this.#layout.until))),
    ];
  }

  /** A member's name and the colon; `at` stands at the value then, and `c` is its first byte. */
  #name(): Code {
    return [
      ...set(this.#key, get(this.#at)),
      ...set(this.#end, endOfText(get(this.#at))),
      ...branchIf(this.#unsure, less(get(this.#end), i32(1))),
      ...set(this.#length, minus(get(this.#end), get(this.#key))),
      ...set(this.#at, plus(get(this.#end), i32(1))),
      ...this.#blanks(),
      ...this.#expect(':'),
      ...this.#blanks(),
    ];
  }

  /** Reads the value when the name is that of a field, else passes over it. */
  #value(): Code {
    const known = new Label();
    return block(
      known,
      ...this.#fields.map((field, i) =>
        when(this.#isNamed(field.name), [...this.#read(field.kind, i), ...branch(known)]),
      ),
      set(this.#at, behindValue(get(this.#at))),
      branchIf(this.#unsure, isZero(get(this.#at))),
    );
  }

  #isNamed(name: Uint8Array): Code {
    const bytes = new DataView(name.buffer, name.byteOffset, name.byteLength);
    const key = get(this.#key);
    let isSame = same(get(this.#length), i32(name.length));
    if (name.length < 4) {
      name.forEach((value, j) => {
        isSame = and(isSame, same(loadByte(key, j), i32(value)));
      });
      return isSame;
    }
    for (let j = 0; j < name.length; j += 4) {
      // The last four overlap those before.
      const from = Math.min(j, name.length - 4);
      isSame = and(isSame, same(loadI32(key, from), i32(bytes.getInt32(from, true))));
    }
    return isSame;
  }

  #read(kind: FieldKind, index: number): Code {
    return [
      ...(kind === 'timestamp' ? this.#isFirst(index) : []),
      ...when(
        same(loadI32(get(this.#at)), word('null')),
        [...this.#noteNull(index), ...this.#advance(4)],
        this.#readSome(kind, index),
      ),
    ];
  }

  /** Of a time only the last place would be looked at, although the one before may be no time. */
  #isFirst(index: number): Code {
    return branchIf(this.#unsure, differ(loadI32(this.#place(4), this.#layout.field(index)), i32(-1)));
  }

  #readSome(kind: FieldKind, index: number): Code {
    switch (kind) {
      case 'text':
        return this.#text(index);
      case 'int':
      case 'bigint':
        return this.#integer(kind, index);
      case 'double':
        return this.#double(index);
      case 'boolean':
        return this.#boolean(index);
      case 'timestamp':
        return this.#timestamp(index);
      case 'nothing':
        return branch(this.#unsure);
      default:
        return kind satisfies never;
    }
  }

  /** Start and end; a negative end says that the text is not ASCII. */
  #text(index: number): Code {
    return [
      ...this.#expect('"'),
      ...set(this.#start, get(this.#at)),
      ...set(this.#end, endOfText(get(this.#at))),
      ...branchIf(this.#unsure, isZero(get(this.#end))),
      ...storeI32(this.#place(4), get(this.#start), this.#layout.field(index)),
      ...storeI32(this.#place(4), get(this.#end), this.#layout.ends(index)),
      ...when(less(get(this.#end), i32(0)), set(this.#end, minus(i32(0), get(this.#end)))),
      ...set(this.#at, plus(get(this.#end), i32(1))),
    ];
  }

  /** Where it starts: what it says is read elsewhere. */
  #timestamp(index: number): Code {
    return [
      ...storeI32(this.#place(4), get(this.#at), this.#layout.field(index)),
      ...when(
        same(get(this.#c), byte('"')),
        [
          ...this.#advance(1),
          ...set(this.#at, endOfText(get(this.#at))),
          ...branchIf(this.#unsure, less(get(this.#at), i32(1))),
          ...this.#advance(1),
        ],
        [...set(this.#at, behindNumber(get(this.#at))), ...branchIf(this.#unsure, isZero(get(this.#at)))],
      ),
    ];
  }

  #integer(kind: 'int' | 'bigint', index: number): Code {
    const value = get(this.#digits);
    return [
      ...this.#sign(),
      ...this.#wholeDigits(),
      ...branchIf(this.#unsure, more(minus(get(this.#at), get(this.#start)), i32(maxDigits))),
      ...branchIf(this.#unsure, and(get(this.#isNegative), isZero64(value))),
      ...(kind === 'int'
        ? branchIf(
            this.#unsure,
            // 2 ** 31 is an INT only below zero.
            more64(value, plus64(i64(2_147_483_647), toI64(get(this.#isNegative)))),
          )
        : []),
      ...this.#noteNumber(toF64(value), index),
    ];
  }

  /** The quotient of two exact numbers is the nearest double. */
  #double(index: number): Code {
    const value = get(this.#digits);
    const divisor = this.#number;
    return [
      ...this.#sign(),
      ...this.#wholeDigits(),
      ...set(this.#length, minus(get(this.#at), get(this.#start))),
      ...set(divisor, f64(1)),
      ...when(same(loadByte(get(this.#at)), byte('.')), [
        ...this.#advance(1),
        ...set(this.#start, get(this.#at)),
        ...skipDigits(this.#at, this.#c, [...this.#digit(), ...set(divisor, timesF64(get(divisor), f64(10)))]),
        ...branchIf(this.#unsure, same(get(this.#at), get(this.#start))),
        ...set(this.#length, plus(get(this.#length), minus(get(this.#at), get(this.#start)))),
      ]),
      ...branchIf(this.#unsure, more(get(this.#length), i32(maxDigits))),
      ...branchIf(this.#unsure, and(get(this.#isNegative), isZero64(value))),
      ...this.#noteNumber(dividedF64(toF64(value), get(divisor)), index),
    ];
  }

  #boolean(index: number): Code {
    const note = (value: number, length: number): Code => [
      ...storeI32(this.#place(4), i32(value), this.#layout.field(index)),
      ...this.#advance(length),
    ];
    return when(same(loadI32(get(this.#at)), word('true')), note(1, 4), [
      ...branchIf(this.#unsure, or(differ(get(this.#c), byte('f')), differ(loadI32(get(this.#at), 1), word('alse')))),
      ...note(0, 5),
    ]);
  }

  #sign(): Code {
    return [
      ...set(this.#isNegative, same(get(this.#c), byte('-'))),
      ...set(this.#at, plus(get(this.#at), get(this.#isNegative))),
      ...set(this.#start, get(this.#at)),
      ...set(this.#digits, i64(0)),
    ];
  }

  #wholeDigits(): Code {
    const length = minus(get(this.#at), get(this.#start));
    return [
      ...skipDigits(this.#at, this.#c, this.#digit()),
      ...branchIf(this.#unsure, isZero(length)),
      ...branchIf(this.#unsure, and(more(length, i32(1)), same(loadByte(get(this.#start)), byte('0')))),
    ];
  }

  #digit(): Code {
    return set(this.#digits, plus64(times64(get(this.#digits), i64(10)), toI64(get(this.#c))));
  }

  #noteNumber(value: Code, index: number): Code {
    return [
      ...set(this.#number, value),
      ...when(get(this.#isNegative), set(this.#number, negated(get(this.#number)))),
      ...storeF64(this.#place(8), get(this.#number), this.#layout.field(index)),
    ];
  }

  #noteNull(index: number): Code {
    switch (this.#fields[index]?.kind) {
      case 'int':
      case 'bigint':
      case 'double':
        return storeF64(this.#place(8), f64(Number.NaN), this.#layout.field(index));
      case 'nothing':
        return [];
      default:
        return storeI32(this.#place(4), i32(-1), this.#layout.field(index));
    }
  }

  /** The record's place in a column whose values have so many bytes. */
  #place(bytes: 4 | 8): Code {
    return shiftLeft(get(this.#row), i32(bytes === 4 ? 2 : 3));
  }

  /** Passes over blanks; `c` is the byte at `at` then. */
  #blanks(): Code {
    return skipBlanks(this.#at, this.#c);
  }

  #advance(by: number): Code {
    return set(this.#at, plus(get(this.#at), i32(by)));
  }

  /** The byte at `at`, which is in `c`, has to be this one. */
  #expect(char: string): Code {
    return [...branchIf(this.#unsure, differ(get(this.#c), byte(char))), ...this.#advance(1)];
  }
}
