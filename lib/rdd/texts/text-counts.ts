import { instantiate, type WasmInstance } from '../../kernel/wasm/module.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { countFunctions } from './count-code.ts';
import {
  bytesAtOnce,
  countedAt,
  ended,
  fromAt,
  head,
  inputAt,
  key,
  keyBytesAt,
  keysAt,
  masksAt,
  memoryBytes,
  mostSlots,
  numberBits,
  rowsAtOnce,
  sizeAt,
  slotsAt,
} from './count-layout.ts';
import { WordRows } from './split-words.ts';

/** Takes a text, or null, and how often it occurred. */
export type TakeCount = (text: string | null, count: number) => void;

const firstSlots = 1 << 12;
/** Counts have 31 bits. */
const mostCounted = 2 ** 30;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Counts texts by their bytes, in WebAssembly. Texts are made only for the keys that are given out, and once for each key as long as it
 * stays in the table: counts go with every `drain`, keys stay for the next batch, which mostly has the same ones. A table that has become
 * full is emptied, so it never takes more than some 30 MiB.
 *
 * Different bytes that are no UTF-8 may be given out as equal texts: whoever takes them adds up.
 */
export class TextCounts {
  readonly #numbers: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #run: WasmInstance['run'];
  /** By the number of the key. */
  #texts: (string | null)[] = [];
  #slots = firstSlots;
  #sinceDrain = 0;

  private constructor({ memory, run }: WasmInstance) {
    this.#numbers = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#run = run;
    for (let length = 0; length <= 16; length++) {
      this.#bytes.fill(0xff, masksAt + 16 * (length + 1), masksAt + 16 * (length + 1) + length);
    }
    this.#clear();
  }

  /** Undefined where WebAssembly does not run. */
  static create(): TextCounts | undefined {
    const instance = instantiate(countFunctions(), memoryBytes);
    return instance && new TextCounts(instance);
  }

  /** Something was counted and not drained yet. */
  get hasCounts(): boolean {
    return this.#at(head.counted) > 0;
  }

  /** Counts the rows, or the words of `WordRows`. What has to be given out at once goes to `take`. */
  add(rows: TextRows<string | null>, take: TakeCount): void {
    const lines = rows instanceof WordRows ? rows.lines : rows;
    let row = 0;
    while (row < lines.count) {
      const size = lines.size[row] as number;
      if (size > bytesAtOnce) {
        this.#addLarge(lines, row, lines !== rows, take);
        row += 1;
      } else {
        row = this.#addFrom(lines, row, lines !== rows, take);
      }
    }
  }

  /** Gives out what was counted since the last time, in order of first appearance. */
  drain(take: TakeCount): void {
    const numbers = this.#numbers;
    const counted = this.#at(head.counted);
    this.#set(head.counted, 0);
    this.#sinceDrain = 0;
    for (let i = 0; i < counted; i++) {
      const number = numbers[(countedAt >> 2) + i] as number;
      const countAt = (keysAt + 32 * number + key.count) >> 2;
      const count = numbers[countAt] as number;
      numbers[countAt] = 0;
      take(this.#textOf(number), count);
    }
  }

  /** As many rows as there is room for; the row behind them. */
  #addFrom(lines: TextRows, first: number, areLines: boolean, take: TakeCount): number {
    const numbers = this.#numbers;
    const { from, size, bytes } = lines;
    const base = from[first] as number;
    const last = Math.min(lines.count, first + rowsAtOnce);
    let until = base;
    let row = first;
    for (; row < last; row++) {
      const start = from[row] as number;
      const length = size[row] as number;
      // What is null lies nowhere.
      const isNull = length < 0;
      const end = start + length;
      if (!isNull && (start < base || end - base > bytesAtOnce)) break;
      numbers[(fromAt >> 2) + row - first] = isNull ? base : start;
      numbers[(sizeAt >> 2) + row - first] = length;
      if (!isNull && end > until) until = end;
    }
    this.#bytes.set(bytes.subarray(base, until), inputAt);
    if (this.#sinceDrain > mostCounted) this.drain(take);
    this.#sinceDrain += until - base + row - first;
    this.#count(row - first, inputAt - base, areLines, take);
    return row;
  }

  #count(rows: number, shift: number, areLines: boolean, take: TakeCount): void {
    this.#set(head.row, 0);
    this.#set(head.at, -1);
    for (;;) {
      const how = this.#run(rows, shift, areLines ? 1 : 0);
      if (how === ended.done) return;
      if (how === ended.full && this.#slots < mostSlots && this.#at(head.keys) >= this.#at(head.limit)) {
        this.#grow();
      } else {
        this.drain(take);
        this.#clear();
      }
    }
  }

  /** A row that does not fit: each of its words is given out by itself. */
  #addLarge(lines: TextRows, row: number, areLines: boolean, take: TakeCount): void {
    this.drain(take);
    const from = lines.from[row] as number;
    const size = lines.size[row] as number;
    const text = lines.textOf(from, size);
    if (!areLines) take(text, 1);
    else for (const word of text.split(/[ \t-\r]+/u)) if (word !== '') take(word, 1);
  }

  #textOf(number: number): string | null {
    const known = this.#texts[number];
    if (known !== undefined) return known;
    const place = keysAt + 32 * number;
    const size = this.#at(place + key.size);
    const from = keyBytesAt + this.#at(place + key.bytesAt);
    const text = size < 0 ? null : decoder.decode(this.#bytes.subarray(from, from + size));
    this.#texts[number] = text;
    return text;
  }

  /** Forgets every key; there are no counts. */
  #clear(): void {
    this.#texts = [];
    for (const name of [head.keys, head.counted, head.keyBytes]) this.#set(name, 0);
    // Others may know texts: where they would collide is nobody's to foresee.
    for (let i = 0; i < 4; i++)
      this.#set(head.seeds + 4 * i, Math.floor(Math.random() * 2 ** 32) | (i % 2 === 0 ? 1 : 0));
    this.#useSlots(firstSlots);
  }

  #useSlots(slots: number): void {
    this.#slots = slots;
    this.#numbers.fill(0, slotsAt >> 2, (slotsAt >> 2) + slots);
    this.#set(head.mask, slots - 1);
    this.#set(head.limit, slots * 0.75);
  }

  /** Twice as many slots for the same keys. */
  #grow(): void {
    this.#useSlots(this.#slots * 2);
    const numbers = this.#numbers;
    const mask = this.#slots - 1;
    const keys = this.#at(head.keys);
    for (let number = 0; number < keys; number++) {
      const hash = this.#at(keysAt + 32 * number + key.hash);
      let at = hash & mask;
      while (numbers[(slotsAt >> 2) + at] !== 0) at = (at + 1) & mask;
      numbers[(slotsAt >> 2) + at] = ((hash >>> numberBits) << numberBits) | (number + 1);
    }
  }

  #at(position: number): number {
    return this.#numbers[position >> 2] as number;
  }

  #set(position: number, value: number): void {
    this.#numbers[position >> 2] = value;
  }
}
