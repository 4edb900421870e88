import { describe, expect, it } from '@jest/globals';
import { recordOfRow } from '../../../lib/connectors/kafka/sink-row.ts';

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}

function sent(row: unknown, mapping = {}): unknown[] {
  const { key, value, partition, timestamp } = recordOfRow(row, mapping, 99);
  return [text(key), text(value), partition, timestamp];
}

const read = { topic: 'in', partition: 5, offset: 7, timestamp: 3, key: 'k', value: 'v', headers: {} };

describe('a row as a Kafka record', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a text', 'v', [null, 'v', undefined, 99]],
    ['bytes', Buffer.from('v'), [null, 'v', undefined, 99]],
    ['a number', 5, [null, '5', undefined, 99]],
    ['a pair', ['k', 'v'], ['k', 'v', undefined, 99]],
    ['a pair of a word and its count', ['k', 3], ['k', '3', undefined, 99]],
    ['a pair with an object', [['a', 1], { n: 1 }], ['["a",1]', '{"n":1}', undefined, 99]],
    ['a tombstone', ['k', null], ['k', null, undefined, 99]],
    ['a record of its own', { key: 'k', value: 'v', partition: 2, timestamp: 8 }, ['k', 'v', 2, 8]],
    ['a record that was read', read, ['k', 'v', undefined, 99]],
    ['any other object', { name: 'x', value: 1 }, [null, '{"name":"x","value":1}', undefined, 99]],
    ['an array that is no pair', [1, 2, 3], [null, '[1,2,3]', undefined, 99]],
    ['true', true, [null, 'true', undefined, 99]],
  ])('%s', (_, row, expected) => {
    expect(sent(row)).toEqual(expected);
  });

  it('takes key and value from functions where they are given', () => {
    const mapping = { key: (row: { id: number }) => row.id, value: (row: { id: number }) => ({ twice: row.id * 2 }) };
    expect(sent({ id: 4 }, mapping)).toEqual(['4', '{"twice":8}', undefined, 99]);
  });

  it('keeps headers, also several of one name', () => {
    const { headers } = recordOfRow({ value: 'v', headers: { a: 'x', b: ['1', null] } }, {}, 0);
    expect(headers.map(([name, value]) => [name, value === null ? null : Buffer.from(value).toString()])).toEqual([
      ['a', 'x'],
      ['b', '1'],
      ['b', null],
    ]);
  });

  const circular: unknown[] = [1, 2, 3];
  circular.push(circular);
  it.each<[string, unknown]>([
    ['it is null', null],
    ['it is undefined', undefined],
    ['its value is undefined', ['k', undefined]],
    ['its value is function', () => 1],
    ['its value has no JSON', circular],
    ['its value has no JSON', { n: 1n }],
    ['its partition is no partition number', { value: 'v', partition: -1 }],
    ['its timestamp is no number of milliseconds', { value: 'v', timestamp: Number.NaN }],
    ['its headers are no object', { value: 'v', headers: 5 }],
  ])('is refused: %s', (reason, row) => {
    expect(() => sent(row)).toThrow(
      expect.objectContaining({ code: 'KAFKA_SEND_ROW', exitCode: 9, message: expect.stringContaining(reason) }),
    );
  });
});
