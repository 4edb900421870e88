import type { TextRows } from '../../io/text-rows.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { type BlockTexts, textsOf } from './block-texts.ts';
import type { KafkaRecord } from './kafka-record.ts';
import type { PackedBlock } from './packed-block.ts';
import { type Readings, RecordMaker } from './record-maker.ts';

type AnyRecord = KafkaRecord<unknown, unknown>;

/** Up to here a loop is faster than a call into Node. */
const fewBytes = 64;

/** The values of the records `[first, end)` of a packed block as texts in bytes. */
export class KafkaTextRows implements TextRows<AnyRecord> {
  readonly areTexts = false;
  readonly count: number;
  readonly bytes: Buffer;
  readonly from: Int32Array;
  readonly size: Int32Array;
  readonly #block: PackedBlock;
  readonly #readings: Readings;
  readonly #first: number;
  readonly #texts: BlockTexts;
  readonly #locate: (error: unknown, index: number) => unknown;
  /** The bytes up to the end of the last search: mostly there is one end for many. */
  #searched: Buffer | undefined;

  constructor(
    block: PackedBlock,
    readings: Readings,
    first: number,
    end: number,
    locate: (error: unknown, index: number) => unknown,
  ) {
    this.count = end - first;
    this.bytes = block.bytes;
    this.from = block.valueStart.subarray(first, end);
    this.size = block.valueSize.subarray(first, end);
    this.#block = block;
    this.#readings = readings;
    this.#first = first;
    this.#texts = textsOf(block);
    this.#locate = locate;
  }

  textOf(from: number, size: number): string {
    return this.#texts.cut(from, size);
  }

  find(pattern: Uint8Array, from: number, until: number): number {
    const { bytes } = this;
    if (pattern.length === 1 && until - from <= fewBytes) {
      const byte = pattern[0] as number;
      for (let at = from; at < until; at++) if (bytes[at] === byte) return at;
      return -1;
    }
    if (this.#searched?.length !== until) this.#searched = bytes.subarray(0, until);
    return this.#searched.indexOf(pattern, from);
  }

  forEach(emit: Emit<AnyRecord>): void {
    this.#emit(this.count, (k) => k, emit);
  }

  emitRows(rows: Int32Array, emit: Emit<AnyRecord>): void {
    this.#emit(rows.length, (k) => rows[k] as number, emit);
  }

  located(error: unknown, row: number): unknown {
    return this.#locate(error, this.#first + row);
  }

  #emit(count: number, rowOf: (k: number) => number, emit: Emit<AnyRecord>): void {
    if (count === 0) return;
    const records = new RecordMaker(this.#block, this.#readings);
    let k = 0;
    try {
      for (; k < count; k++) emit(records.at(this.#first + rowOf(k)));
    } catch (error) {
      throw this.located(error, rowOf(k));
    }
  }
}
