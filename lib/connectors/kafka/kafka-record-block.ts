import { types } from 'node:util';
import type { ColumnarBlock, ColumnVector } from '../../io/columnar-block.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { failure, located, messageOf } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { isPlainText } from './deserialize.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { KafkaTextRows } from './kafka-text-rows.ts';
import { type PackedBlock, sizeOfBlock } from './packed-block.ts';
import { type Readings, RecordMaker } from './record-maker.ts';
import { columnOf } from './table-columns.ts';

type AnyRecord = KafkaRecord<unknown, unknown>;

/**
 * The records `[first, end)` of a packed block. They stay packed until `forEach`; then each is one plain object, made as it is
 * emitted, and its texts are cut from a text of 64 KiB of the block at a time where all bytes are ASCII.
 *
 * Plain data and not getters over the block, although getters would be as fast: a record that is spread, cloned or kept must have
 * its fields, and one that is kept must not keep megabytes alive.
 */
export class KafkaRecordBlock implements ColumnarBlock<AnyRecord> {
  readonly #block: PackedBlock;
  readonly #readings: Readings;
  readonly #first: number;
  readonly #end: number;
  readonly #release: (() => void) | undefined;

  constructor(block: PackedBlock, readings: Readings, first: number, end: number, release?: () => void) {
    this.#block = block;
    this.#readings = readings;
    this.#first = first;
    this.#end = end;
    this.#release = release;
  }

  get count(): number {
    return this.#end - this.#first;
  }

  get sizeBytes(): number {
    return sizeOfBlock(this.#block);
  }

  /** The hot loop of consuming. */
  forEach(emit: Emit<AnyRecord>): void {
    const records = new RecordMaker(this.#block, this.#readings);
    let i = this.#first;
    try {
      for (; i < this.#end; i++) emit(records.at(i));
    } catch (error) {
      throw this.#located(error, i);
    }
  }

  /** Values that are read as texts, as the bytes that they are. Keys of another kind may be wrong, which only reading them shows. */
  texts(): TextRows<AnyRecord> | undefined {
    if (!isPlainText(this.#readings.value) || !isPlainText(this.#readings.key)) return undefined;
    return new KafkaTextRows(this.#block, this.#readings, this.#first, this.#end, (error, i) =>
      this.#located(error, i),
    );
  }

  /** The columns of Spark's Kafka source, without an object for each record. */
  columns(names: readonly string[]): readonly ColumnVector[] {
    return names.map((name) => columnOf(this.#block, name, this.#first, this.#end));
  }

  release(): void {
    this.#release?.();
  }

  whereOf(row: number): Readonly<Record<string, string | number>> {
    return this.#place(this.#first + row);
  }

  #place(index: number): { readonly topic: string; readonly partition: number; readonly offset: number } {
    const { topic, partition, offsets, firstOffset } = this.#block;
    return { topic, partition, offset: offsets?.[index] ?? firstOffset + index };
  }

  /** Adds the record's place to an error, whoever threw it; an error of ours keeps its code. */
  #located(error: unknown, index: number): unknown {
    const place = this.#place(index);
    // What is not an error is nobody's failure: it is passed on as it is.
    if (!types.isNativeError(error)) return error;
    return (
      located(error, place) ??
      failure('SOURCE_RECORD_FAILED', { reason: messageOf(error) }, { cause: error, where: place })
    );
  }
}
