import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BatchWalker } from '../../../lib/connectors/kafka/batch-walker.ts';
import { BlockBuilder } from '../../../lib/connectors/kafka/packed-block.ts';
import {
  type BatchHead,
  batchHeadSize,
  decodeEach,
  entryAt,
  readBatchHead,
} from '../../../lib/connectors/kafka/record-batch.ts';
import {
  type BatchOptions,
  encodeRecordBatch,
  type OutgoingRecord,
} from '../../../lib/connectors/kafka/record-batch-encoder.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';

const walker = BatchWalker.create();

/** The records of one batch in some place of a buffer, as `decodeRecords` gets them. */
interface Encoded {
  readonly head: BatchHead;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

function encoded(records: readonly OutgoingRecord[], options: BatchOptions = {}): Encoded {
  const batch = encodeRecordBatch(records, options);
  const entry = entryAt(batch, 0, batch.length);
  if (entry === undefined) throw new Error('the batch is cut off');
  const start = 5;
  const bytes = Buffer.alloc(start + batch.length - batchHeadSize);
  batch.copy(bytes, start, batchHeadSize);
  return { head: readBatchHead(batch, entry, {}), bytes, start, end: bytes.length };
}

interface Limits {
  readonly fromOffset: number;
  readonly maxRecordBytes: number;
}

const none: Limits = { fromOffset: 0, maxRecordBytes: 1 << 20 };

/** Everything that decoding leaves behind, with the walker or without it; of an error what a user sees. */
function decoded(batches: readonly Encoded[], limits: Limits, by: BatchWalker | undefined): unknown {
  const joined = Buffer.concat(batches.map(({ bytes }) => bytes));
  const capacity = batches.reduce((sum, { head }) => sum + head.count, 0);
  const builder = new BlockBuilder(joined, capacity);
  let shift = 0;
  try {
    for (const { head, bytes, start, end } of batches) {
      const area = { ...limits, start: start + shift, end: end + shift, where: { topic: 't' } };
      const first = { position: area.start, index: 0 };
      decodeEach(builder, head, area, by?.walk(builder, head, area) ?? first);
      shift += bytes.length;
    }
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { code: error.code, params: error.params, where: error.where };
  }
  const { count, firstOffset, isAscii, hasHeaders, offsets } = builder;
  const of = (column: Int32Array | Float64Array | undefined) => column && Array.from(column.subarray(0, count));
  const { keyStart, keySize, valueStart, valueSize, timestamps } = builder;
  const columns = [keyStart, keySize, valueStart, valueSize, timestamps, offsets].map(of);
  return { count, firstOffset, isAscii, hasHeaders, columns };
}

const plain = (value: string, timestamp = 1000): OutgoingRecord => ({
  key: null,
  value: Buffer.from(value),
  headers: [],
  timestamp,
});

const records = (count: number, value: (i: number) => string): OutgoingRecord[] =>
  Array.from({ length: count }, (_, i) => plain(value(i), 1000 + i));

describe('walking over the records of a batch', () => {
  it('leaves none of an ordinary batch, however many and large they are', () => {
    for (const [count, size] of [
      [24, 0],
      [300, 100],
      [5000, 10],
      [3000, 350],
    ] as const) {
      const { head, bytes, start, end } = encoded(records(count, (i) => `${i}`.padEnd(size, 'x')));
      const builder = new BlockBuilder(bytes, count);
      const left = walker?.walk(builder, head, { ...none, start, end, where: {} });
      expect([left, builder.count]).toEqual([{ position: end, index: count }, count]);
    }
  });

  it('gives what the loop in JavaScript gives, for any records, cut off and damaged ones too', () => {
    const bytes = fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 12 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 90 }).map((array) => Buffer.from(array)),
      fc.integer({ min: 60, max: 300 }).map((size) => Buffer.alloc(size, 'a')),
    );
    const time = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -70, max: 70 }) },
      { weight: 3, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 47, -(2 ** 48), 2 ** 48 - 1, -(2 ** 51)) },
    );
    const outgoing = fc.record({
      key: bytes,
      value: bytes,
      headers: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.tuple(fc.string({ maxLength: 5 }), bytes), { maxLength: 2 }) },
      ),
      timestamp: time.map((delta) => 2 ** 52 + delta),
    });
    const delta = fc.oneof(
      { weight: 12, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: -40, max: 200 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 20, -(2 ** 21)) },
    );
    const batch = fc
      .record({
        // Fewer are not walked over.
        steps: fc.array(fc.tuple(outgoing, delta), { minLength: 24, maxLength: 70 }),
        hasHoles: fc.boolean(),
        baseOffset: fc.nat({ max: 300 }),
        attributes: fc.constantFrom(0, 0, 0, 0x08),
        cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 200 }) }),
        damage: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
        isDamaged: fc.boolean(),
      })
      .map(({ steps, hasHoles, baseOffset, attributes, cut, damage, isDamaged }) => {
        let at = -1;
        const offsetDeltas = steps.map(([, step]) => (at += step));
        const options = hasHoles ? { baseOffset, attributes, offsetDeltas } : { baseOffset, attributes };
        const {
          head,
          bytes: whole,
          start,
          end,
        } = encoded(
          steps.map(([each]) => each),
          options,
        );
        if (isDamaged) for (const [place, byte] of damage) whole[place % whole.length] = byte;
        return { head, bytes: whole, start, end: Math.max(start, end - cut) };
      });
    const limits = fc.record({
      fromOffset: fc.oneof(fc.constant(0), fc.nat({ max: 400 })),
      maxRecordBytes: fc.oneof(
        { weight: 5, arbitrary: fc.constant(1 << 20) },
        { weight: 1, arbitrary: fc.integer({ min: 90, max: 700 }) },
      ),
    });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 3 }), limits, (batches, given) => {
        expect(decoded(batches, given, walker)).toEqual(decoded(batches, given, undefined));
      }),
      { numRuns: 400 },
    );
  });

  const many = records(6000, (i) => `${i} `.padEnd(i % 70, 'x'));

  it.each([
    ['as they are', encoded(many), none],
    ['with a hole', encoded(many, { offsetDeltas: many.map((_, i) => i + (i > 4500 ? 3 : 0)) }), none],
    ['with a text that is not ASCII', encoded(many.with(5000, plain('ü'))), none],
    ['with headers', encoded(many.with(5999, { ...plain('v'), headers: [['h', Buffer.from('1')]] })), none],
    ['from the middle on', encoded(many, { baseOffset: 70 }), { ...none, fromOffset: 3070 }],
    ['of a few bytes', encoded(records(20_000, () => '')), none],
  ])('goes on behind what fits at once: records %s', (_, batch, limits) => {
    expect(decoded([batch], limits, walker)).toEqual(decoded([batch], limits, undefined));
  });

  it('leaves the rest of a batch to the other loop from a record on that it is not sure of', () => {
    const strange = records(100, (i) => `${i}`).with(60, plain('60', 2 ** 53 - 1));
    const { head, bytes, start, end } = encoded(strange);
    const builder = new BlockBuilder(bytes, 100);
    expect(walker?.walk(builder, head, { ...none, start, end, where: {} })?.index).toBe(60);
    const ordinary = encoded(
      records(50, (i) => `${i}`),
      { baseOffset: 100 },
    );
    const both = [encoded(strange), ordinary];
    expect(decoded(both, none, walker)).toEqual(decoded(both, none, undefined));
  });

  it('leaves the bytes as they are', () => {
    const { head, bytes, start, end } = encoded(records(200, (i) => `${i}`.padEnd(90, 'x')));
    const before = Buffer.from(bytes);
    walker?.walk(new BlockBuilder(bytes, 200), head, { ...none, start, end, where: {} });
    expect(bytes.equals(before)).toBe(true);
  });
});
