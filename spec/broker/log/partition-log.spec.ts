import { describe, expect, it } from '@jest/globals';
import { ByteBudget } from '../../../lib/broker/log/byte-budget.ts';
import { memorySegments } from '../../../lib/broker/log/memory-segment.ts';
import { PartitionLog } from '../../../lib/broker/log/partition-log.ts';
import { readBatchHeader } from '../../../lib/broker/protocol/record-batch.ts';
import { toLogConfig } from '../../../lib/broker/topics/topic-config.ts';
import { type BatchSpec, recordBatch } from '../record-batches.ts';

const now = 1_000_000;

function openLog(configs: Record<string, string> = {}, options: { memory?: number; now?: () => number } = {}) {
  const config = toLogConfig(new Map(Object.entries(configs)), new Map());
  return new PartitionLog({
    store: memorySegments(new ByteBudget(options.memory ?? 1 << 30)),
    config: () => config,
    now: options.now ?? (() => now),
    maxProducerIds: 3,
  });
}

function append(log: PartitionLog, spec: BatchSpec = {}): string {
  const { error, baseOffset } = log.append(recordBatch(spec));
  return error === 0 ? `at ${baseOffset}` : `error ${error}`;
}

const three = { values: ['a', 'b', 'c'] };

const from = (sequence: number, epoch = 0, producerId = 1): BatchSpec => ({
  ...three,
  producerId,
  producerEpoch: epoch,
  sequence,
});

const inTransaction = (producerId: number, sequence = 0): BatchSpec => ({
  producerId,
  sequence,
  isTransactional: true,
});

function timed(): PartitionLog {
  const log = openLog({ 'segment.bytes': '200' });
  append(log, { ...three, baseTimestamp: 100, timestampDeltas: [0, 50, 10] });
  append(log, { ...three, baseTimestamp: 80, timestampDeltas: [0, 0, 5] });
  append(log, { ...three, baseTimestamp: 200, timestampDeltas: [0, 100, 100] });
  append(log, { ...three, baseTimestamp: 250 });
  return log;
}

describe('an append', () => {
  it('gives batches consecutive offsets and hands them out as they came', () => {
    const log = openLog();
    expect([append(log, three), append(log), append(log, three)]).toEqual(['at 0', 'at 3', 'at 4']);
    const { batches, untilOffset } = log.read(0, 1e6, log.endOffset, true);
    expect(batches.map((batch) => readBatchHeader(batch).baseOffset)).toEqual([0, 3, 4]);
    expect(untilOffset).toBe(7);
    expect(batches[1]?.subarray(16)).toEqual(recordBatch().subarray(16));
  });

  it('keeps nothing of the buffer that it was handed', () => {
    const log = openLog();
    const received = recordBatch({ values: ['before'] });
    log.append(received);
    received.fill(0);
    expect(log.read(0, 1e6, 1, true).batches[0]?.includes('before')).toBe(true);
  });

  it.each([
    ['no batch', Buffer.alloc(0), {}, 87],
    ['less than a header', Buffer.alloc(20), {}, 2],
    ['an older format', recordBatch({ spoil: (batch) => (batch[16] = 1) }), {}, 87],
    ['a length beyond the bytes', recordBatch().subarray(0, -1), {}, 2],
    ['two batches', Buffer.concat([recordBatch(), recordBatch()]), {}, 87],
    ['a wrong checksum', Buffer.from(recordBatch()).fill(9, 68, 69), {}, 2],
    ['a control batch', recordBatch({ isControl: true }), {}, 87],
    ['an unknown compression', recordBatch({ compression: 5 }), {}, 76],
    ['more offsets than records', recordBatch({ spoil: (batch) => batch.writeInt32BE(7, 23) }), {}, 87],
    ['a negative count of records', recordBatch({ spoil: (batch) => batch.writeInt32BE(-1, 57) }), {}, 87],
    [
      'fewer records than it counts',
      recordBatch({ spoil: (b) => (b.writeInt32BE(1, 23), b.writeInt32BE(2, 57)) }),
      {},
      87,
    ],
    ['records that overrun each other', recordBatch({ spoil: (batch) => (batch[61] = 200) }), {}, 87],
    ['a producer without sequence', recordBatch({ producerId: 5, sequence: -1 }), {}, 87],
    ['a batch above max.message.bytes', recordBatch({ values: ['x'.repeat(100)] }), { 'max.message.bytes': '100' }, 10],
    ['no key where compaction needs one', recordBatch({ hasKeys: false }), { 'cleanup.policy': 'compact' }, 87],
    ['a time far in the future', recordBatch({ baseTimestamp: now + 3_600_001 }), {}, 32],
    ['a time far in the past', recordBatch({ baseTimestamp: 1 }), { 'message.timestamp.before.max.ms': '10' }, 32],
  ])('refuses %s', (_, bytes, configs, error) => {
    const log = openLog(configs);
    expect(log.append(bytes).error).toBe(error);
    expect(log.endOffset).toBe(0);
  });

  it('takes compressed records unseen', () => {
    expect(append(openLog(), { compression: 1, spoil: (batch) => batch.fill(1, 61) })).toBe('at 0');
  });

  it('stamps batches with its own time where the topic says so', () => {
    const log = openLog({ 'message.timestamp.type': 'LogAppendTime' });
    const result = log.append(recordBatch({ baseTimestamp: 5 }));
    const [stored] = log.read(0, 1e6, 1, true).batches;
    expect(result.logAppendTime).toBe(now);
    expect(stored && readBatchHeader(stored)).toMatchObject({ isLogAppendTime: true, maxTimestamp: now });
    expect(log.offsetForTimestamp(now)).toEqual({ timestamp: now, offset: 0 });
  });

  it('answers with a storage error when the memory for records is used up, and goes on when there is room', () => {
    const log = openLog({ 'segment.bytes': '100' }, { memory: 3 * recordBatch().length });
    expect([append(log), append(log), append(log), append(log)]).toEqual(['at 0', 'at 1', 'at 2', 'error 56']);
    log.deleteRecordsBefore(2);
    expect(append(log)).toBe('at 3');
  });
});

describe('a producer with sequence numbers', () => {
  it.each([
    ['goes on', [from(0), from(3), from(6)], ['at 0', 'at 3', 'at 6']],
    ['repeats its last batch', [from(0), from(3), from(3)], ['at 0', 'at 3', 'at 3']],
    [
      'repeats the fifth last',
      [from(0), from(3), from(6), from(9), from(12), from(0)],
      ['at 0', 'at 3', 'at 6', 'at 9', 'at 12', 'at 0'],
    ],
    [
      'repeats what is out of the window',
      [from(0), from(3), from(6), from(9), from(12), from(15), from(0)],
      ['at 0', 'at 3', 'at 6', 'at 9', 'at 12', 'at 15', 'error 45'],
    ],
    ['leaves something out', [from(0), from(6)], ['at 0', 'error 45']],
    ['begins late, which retention may be the reason of', [from(30), from(33)], ['at 0', 'at 3']],
    ['wraps round after 2^31 - 1', [from(0x7fffffff - 2), from(0)], ['at 0', 'at 3']],
    ['begins a new epoch at 0', [from(0), from(3), from(0, 1), from(3, 1)], ['at 0', 'at 3', 'at 6', 'at 9']],
    ['begins a new epoch elsewhere', [from(0), from(3, 1)], ['at 0', 'error 45']],
    ['comes with an old epoch', [from(0, 4), from(3, 3)], ['at 0', 'error 47']],
    ['has another id', [from(0), from(0, 0, 2), from(3)], ['at 0', 'at 3', 'at 6']],
    [
      'is forgotten when there are too many',
      [from(0), from(0, 0, 2), from(0, 0, 3), from(0, 0, 4), from(9)],
      ['at 0', 'at 3', 'at 6', 'at 9', 'at 12'],
    ],
  ])('%s', (_, batches, answers) => {
    const log = openLog();
    expect(batches.map((spec) => append(log, spec))).toEqual(answers);
  });
});

describe('transactions', () => {
  it('hold back the last stable offset until all that began before it are decided', () => {
    const log = openLog();
    const stable: number[] = [];
    const step = (work: () => unknown): void => {
      work();
      stable.push(log.lastStableOffset);
    };
    step(() => append(log));
    step(() => append(log, inTransaction(1)));
    step(() => append(log, inTransaction(2)));
    step(() => append(log));
    step(() => log.appendMarker(2, 0, 'commit'));
    step(() => log.appendMarker(1, 0, 'abort'));
    expect(stable).toEqual([1, 1, 1, 1, 1, 6]);
    expect(log.endOffset).toBe(6);
  });

  it('that were aborted are listed by completion, from their first offset', () => {
    const log = openLog();
    append(log, inTransaction(1));
    append(log, inTransaction(2));
    append(log, inTransaction(1, 1));
    log.appendMarker(2, 0, 'abort');
    log.appendMarker(1, 0, 'abort');
    append(log, inTransaction(1, 2));
    log.appendMarker(1, 0, 'commit');
    const second = { producerId: 2, firstOffset: 1, lastOffset: 3 };
    const first = { producerId: 1, firstOffset: 0, lastOffset: 4 };
    expect(log.abortedTransactions(0, log.endOffset)).toEqual([second, first]);
    expect(log.abortedTransactions(4, log.endOffset)).toEqual([first]);
    expect(log.abortedTransactions(0, 1)).toEqual([first]);
    expect(log.abortedTransactions(5, log.endOffset)).toEqual([]);
  });

  it('end with a control batch of one offset', () => {
    const log = openLog();
    log.appendMarker(7, 3, 'commit');
    const [marker] = log.read(0, 1e6, 1, true).batches;
    expect(marker && readBatchHeader(marker)).toMatchObject({
      isControl: true,
      isTransactional: true,
      producerId: 7,
      producerEpoch: 3,
      baseSequence: -1,
      recordCount: 1,
    });
    expect(marker?.subarray(61).toString('hex')).toBe('2000000008000000010c00000000000000');
  });

  it('fence older epochs by their marker', () => {
    const log = openLog();
    append(log, { ...inTransaction(1), producerEpoch: 0 });
    log.appendMarker(1, 1, 'abort');
    expect(append(log, { ...inTransaction(1, 1), producerEpoch: 0 })).toBe('error 47');
    expect(append(log, { ...inTransaction(1, 0), producerEpoch: 1 })).toBe('at 2');
  });
});

describe('a read', () => {
  const size = recordBatch(three).length;
  function filled(): PartitionLog {
    const log = openLog({ 'segment.bytes': String(2 * size) });
    for (let i = 0; i < 5; i++) append(log, three);
    return log;
  }

  it.each([
    ['from the middle of a batch', 4, 1e6, 15, 'batches 3 6 9 12 until 15'],
    ['up to the bytes that are asked for', 0, 3 * size, 15, 'batches 0 3 6 until 9'],
    ['of less than a batch', 0, 1, 15, 'batches 0 until 3'],
    ['below a limit', 0, 1e6, 6, 'batches 0 3 until 6'],
    ['at the end', 15, 1e6, 15, 'batches  until 15'],
  ])('%s gives whole batches', (_, offset, bytes, until, expected) => {
    const { batches, untilOffset } = filled().read(offset, bytes, until, true);
    const offsets = batches.map((batch) => readBatchHeader(batch).baseOffset).join(' ');
    expect(`batches ${offsets} until ${untilOffset}`).toBe(expected);
  });

  it('that need not give anything gives nothing above its bytes', () => {
    expect(filled().read(0, 1, 15, false)).toEqual({ batches: [], sizeBytes: 0, untilOffset: 0 });
  });

  it('is woken by records, markers and the end of the topic', () => {
    const log = openLog();
    let woken = 0;
    const end = log.onChange(() => woken++);
    append(log);
    log.appendMarker(1, 0, 'commit');
    log.append(Buffer.alloc(0));
    log.remove();
    end();
    append(log);
    expect(woken).toBe(3);
  });
});

describe('the time index', () => {
  it.each([
    ['before everything', 1, '100 at 0'],
    ['of a first record', 100, '100 at 0'],
    ['between records of a batch', 101, '150 at 1'],
    ['after a batch that is out of order', 151, '200 at 6'],
    ['of the last of a batch', 201, '300 at 7'],
    ['after everything', 301, 'nothing'],
  ])('finds for a time %s the first record that is not earlier', (_, time, expected) => {
    const found = timed().offsetForTimestamp(time);
    expect(found === undefined ? 'nothing' : `${found.timestamp} at ${found.offset}`).toBe(expected);
  });

  it('knows the first record of the greatest time', () => {
    expect(timed().offsetOfMaxTimestamp()).toEqual({ timestamp: 300, offset: 7 });
    expect(openLog().offsetOfMaxTimestamp()).toBeUndefined();
  });

  it('leaves out what was deleted', () => {
    const log = timed();
    log.deleteRecordsBefore(2);
    expect(log.offsetForTimestamp(1)).toEqual({ timestamp: 110, offset: 2 });
  });
});

describe('retention', () => {
  const size = recordBatch(three).length;

  it('by bytes keeps the limit and at most a quarter more', () => {
    const limit = 1000 * size;
    const log = openLog({ 'retention.bytes': String(limit) });
    for (let i = 0; i < 3000; i++) append(log, three);
    log.applyRetention();
    expect(log.endOffset).toBe(9000);
    expect(log.sizeBytes).toBeGreaterThanOrEqual(limit);
    expect(log.sizeBytes).toBeLessThanOrEqual(limit * 1.25 + size);
    expect(log.startOffset).toBe(9000 - (3 * log.sizeBytes) / size);
  });

  it('by time removes segments whose newest record is old, the active one too', () => {
    let time = 10_000;
    const log = openLog({ 'retention.ms': '1000', 'segment.bytes': '100' }, { now: () => time });
    append(log, { baseTimestamp: 9500 });
    append(log, { baseTimestamp: 9800 });
    const starts: number[] = [];
    for (time of [10_500, 10_600, 10_801]) {
      log.applyRetention();
      starts.push(log.startOffset);
    }
    expect(starts).toEqual([0, 1, 2]);
    expect(append(log, { baseTimestamp: 10_801 })).toBe('at 2');
  });

  it('spares a topic that is only compacted', () => {
    const log = openLog({ 'retention.bytes': '0', 'segment.bytes': '100', 'cleanup.policy': 'compact' });
    for (let i = 0; i < 5; i++) append(log);
    log.applyRetention();
    expect(log.startOffset).toBe(0);
  });

  it('does not hold back what is asked to be deleted', () => {
    const log = openLog();
    for (let i = 0; i < 3; i++) append(log, three);
    expect([log.deleteRecordsBefore(5), log.startOffset]).toEqual([true, 5]);
    expect([log.deleteRecordsBefore(2), log.startOffset]).toEqual([true, 5]);
    expect([log.deleteRecordsBefore(10), log.startOffset]).toEqual([false, 5]);
    expect([log.deleteRecordsBefore(9), log.startOffset, log.sizeBytes]).toEqual([true, 9, 0]);
  });
});
