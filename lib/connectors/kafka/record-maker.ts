import { type BlockTexts, textsOf } from './block-texts.ts';
import { isPlainText, parseJson, type Reading } from './deserialize.ts';
import { noHeaders, readHeaders } from './headers.ts';
import type { KafkaRecord } from './kafka-record.ts';
import type { PackedBlock } from './packed-block.ts';

export interface Readings {
  readonly key: Reading;
  readonly value: Reading;
}

/** Makes the records of a packed block, one plain object each. */
export class RecordMaker {
  readonly #block: PackedBlock;
  readonly #texts: BlockTexts;
  readonly #key: Reading;
  readonly #value: Reading;
  readonly #isPlainKey: boolean;
  readonly #isPlainValue: boolean;

  constructor(block: PackedBlock, { key, value }: Readings) {
    this.#block = block;
    this.#texts = textsOf(block);
    this.#key = key;
    this.#value = value;
    this.#isPlainKey = isPlainText(key);
    this.#isPlainValue = isPlainText(value);
  }

  at(i: number): KafkaRecord<unknown, unknown> {
    const { topic, partition, bytes, timestamps, offsets, firstOffset, hasHeaders } = this.#block;
    const { keyStart, keySize, valueStart, valueSize } = this.#block;
    const keySizeBytes = keySize[i] as number;
    const valueSizeBytes = valueSize[i] as number;
    const keyAt = keyStart[i] as number;
    const valueAt = valueStart[i] as number;
    return {
      topic,
      partition,
      offset: offsets === undefined ? firstOffset + i : (offsets[i] as number),
      timestamp: timestamps[i] as number,
      key:
        keySizeBytes < 0
          ? null
          : this.#isPlainKey
            ? this.#texts.cut(keyAt, keySizeBytes)
            : this.#read(this.#key, 'key', keyAt, keySizeBytes),
      value:
        valueSizeBytes < 0
          ? null
          : this.#isPlainValue
            ? this.#texts.cut(valueAt, valueSizeBytes)
            : this.#read(this.#value, 'value', valueAt, valueSizeBytes),
      headers: hasHeaders ? readHeaders(bytes, valueAt + Math.max(0, valueSizeBytes)) : noHeaders,
    };
  }

  #read(reading: Reading, part: 'key' | 'value', start: number, size: number): unknown {
    if (reading.from === 'bytes') return reading.read(this.#block.bytes.subarray(start, start + size));
    const text = this.#texts.cut(start, size);
    return reading.isJson ? parseJson(text, part) : text;
  }
}
