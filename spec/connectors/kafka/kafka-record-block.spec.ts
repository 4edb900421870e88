import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { decodeBlocks } from '../../../lib/connectors/kafka/block-decoder.ts';
import { readingOf } from '../../../lib/connectors/kafka/deserialize.ts';
import { KafkaRecordBlock } from '../../../lib/connectors/kafka/kafka-record-block.ts';
import { kafkaTable } from '../../../lib/connectors/kafka/kafka-table.ts';
import { encodeRecordBatch } from '../../../lib/connectors/kafka/record-batch-encoder.ts';
import { headersColumn, kafkaColumns } from '../../../lib/connectors/kafka/table-columns.ts';
import { TextOptions } from '../../../lib/io/text-options.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { failure } from '../../../lib/kernel/errors.ts';
import { batchOf, limits, record, recordsOf, stretch } from './log-stretch.ts';

const utf8 = { key: readingOf('utf8', 'key'), value: readingOf('utf8', 'value') };

function blockOf(...batches: readonly Buffer[]): KafkaRecordBlock {
  const [block] = decodeBlocks(stretch(batches), 0, limits);
  if (block === undefined) throw new Error('no block');
  return new KafkaRecordBlock(block, utf8, 0, block.count);
}

describe('a block of records', () => {
  it('emits plain objects: spread, JSON, clone and print show all fields', () => {
    const [first] = recordsOf(stretch([encodeRecordBatch([record('v', 'k', 7)])]));
    const expected = { topic: 't', partition: 3, offset: 0, timestamp: 7, key: 'k', value: 'v', headers: {} };
    expect({ ...first }).toEqual(expected);
    expect(JSON.parse(JSON.stringify(first))).toEqual(expected);
    expect(structuredClone(first)).toEqual(expected);
    expect(inspect(first)).toContain("key: 'k'");
    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
  });

  it('has columns of the kinds that one without records has: code for it can be made before it comes', () => {
    const sample = kafkaTable
      .stream?.(new TextOptions({ 'kafka.bootstrap.servers': 'nowhere:9092', subscribe: 't' }), {
        clock: systemClock,
        warn: () => undefined,
      })
      .sample?.();
    const names = [...kafkaColumns, headersColumn].map(([name]) => name);
    const kinds = blockOf(batchOf(5, ['a', 'b']))
      .columns(names)
      .map(({ kind }) => kind);
    expect(kinds).toContain('bytes');
    expect(sample?.count).toBe(0);
    expect(sample?.columns(names).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('cuts texts right across the stretches that it reads at a time, whatever their size', () => {
    const values = Array.from({ length: 500 }, (_, i) => `${i}:`.padEnd((i * 37) % 1500, 'x'));
    values.push('y'.repeat(200_000), 'end');
    expect(recordsOf(stretch([batchOf(0, values)])).map(({ value }) => value)).toEqual(values);
    const mixed = values.map((value, i) => (i % 9 === 0 ? `ü${value}` : value));
    expect(recordsOf(stretch([batchOf(0, mixed)])).map(({ value }) => value)).toEqual(mixed);
  });

  it('finds every byte that is not ASCII, wherever it stands', () => {
    for (let size = 1; size < 40; size++) {
      for (let at = 0; at < size; at++) {
        const value = `${'a'.repeat(at)}é${'b'.repeat(size - at - 1)}`;
        expect(recordsOf(stretch([encodeRecordBatch([record('x', 'k'), record(value, value)])]))[1]).toMatchObject({
          key: value,
          value,
        });
      }
    }
  });

  it('adds the place of the record to an error that has a code already, and keeps what it knew', () => {
    const inner = failure('CONFIG_DURATION', { value: 1 }, { where: { operator: 'map' } });
    expect(() =>
      blockOf(batchOf(5, ['a', 'b'])).forEach(({ value }) => {
        if (value === 'b') throw inner;
      }),
    ).toThrow(
      expect.objectContaining({
        code: 'CONFIG_DURATION',
        where: { operator: 'map', topic: 't', partition: 3, offset: 6 },
      }),
    );
  });

  it('passes on what was thrown and is no error', () => {
    const stop = Symbol('stop');
    let caught: unknown;
    try {
      blockOf(batchOf(0, ['a'])).forEach(() => {
        throw stop;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(stop);
  });
});
