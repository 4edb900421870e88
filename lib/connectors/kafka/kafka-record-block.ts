import { types } from 'node:util';
import type { ColumnarBlock, ColumnVector } from '../../io/columnar-block.ts';
import { failure, located, messageOf } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { parseJson, type Reading } from './deserialize.ts';
import { noHeaders, readHeaders } from './headers.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { type PackedBlock, sizeOfBlock } from './packed-block.ts';
import { columnOf } from './table-columns.ts';

export interface Readings {
  readonly key: Reading;
  readonly value: Reading;
}

/**
 * The records `[first, end)` of a packed block. They stay packed until `forEach`; then each is one plain object, made as it is
 * emitted, and its texts are cut from a text of 64 KiB of the block at a time where all bytes are ASCII.
 *
 * Plain data and not getters over the block, although getters would be as fast: a record that is spread, cloned or kept must have
 * its fields, and one that is kept must not keep megabytes alive.
 */
export class KafkaRecordBlock implements ColumnarBlock<KafkaRecord<unknown, unknown>> {
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
  forEach(emit: Emit<KafkaRecord<unknown, unknown>>): void {
    const { topic, partition, bytes, timestamps, offsets, firstOffset, hasHeaders } = this.#block;
    const { keyStart, keySize, valueStart, valueSize } = this.#block;
    const texts = this.#block.isAscii ? new AsciiTexts(bytes) : new Utf8Texts(bytes);
    const { key: keyReading, value: valueReading } = this.#readings;
    const isPlainKey = keyReading.from === 'text' && !keyReading.isJson;
    const isPlainValue = valueReading.from === 'text' && !valueReading.isJson;
    let i = this.#first;
    try {
      for (; i < this.#end; i++) {
        const keySizeBytes = keySize[i] as number;
        const valueSizeBytes = valueSize[i] as number;
        const keyAt = keyStart[i] as number;
        const valueAt = valueStart[i] as number;
        emit({
          topic,
          partition,
          offset: offsets === undefined ? firstOffset + i : (offsets[i] as number),
          timestamp: timestamps[i] as number,
          key:
            keySizeBytes < 0
              ? null
              : isPlainKey
                ? texts.cut(keyAt, keySizeBytes)
                : read(keyReading, 'key', bytes, texts, keyAt, keySizeBytes),
          value:
            valueSizeBytes < 0
              ? null
              : isPlainValue
                ? texts.cut(valueAt, valueSizeBytes)
                : read(valueReading, 'value', bytes, texts, valueAt, valueSizeBytes),
          headers: hasHeaders ? readHeaders(bytes, valueAt + Math.max(0, valueSizeBytes)) : noHeaders,
        });
      }
    } catch (error) {
      throw this.#located(error, i);
    }
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

function read(
  reading: Reading,
  part: 'key' | 'value',
  bytes: Buffer,
  texts: Texts,
  start: number,
  size: number,
): unknown {
  if (reading.from === 'bytes') return reading.read(bytes.subarray(start, start + size));
  const text = texts.cut(start, size);
  return reading.isJson ? parseJson(text, part) : text;
}

interface Texts {
  cut(start: number, size: number): string;
}

/** One text of this many bytes at a time: cutting it is 2 to 3 times as fast as a call into Node for every record. */
const stretchBytes = 64 << 10;

class AsciiTexts implements Texts {
  readonly #bytes: Buffer;
  #text = '';
  #from = 0;
  #until = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  cut(start: number, size: number): string {
    if (start < this.#from || start + size > this.#until) {
      // A large value is a text of its own: kept longer, it keeps nothing else.
      if (size > stretchBytes >> 2) return this.#bytes.latin1Slice(start, start + size);
      this.#from = start;
      this.#until = Math.min(this.#bytes.length, start + stretchBytes);
      this.#text = this.#bytes.latin1Slice(this.#from, this.#until);
    }
    return this.#text.substring(start - this.#from, start - this.#from + size);
  }
}

class Utf8Texts implements Texts {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  cut(start: number, size: number): string {
    return this.#bytes.utf8Slice(start, start + size);
  }
}
