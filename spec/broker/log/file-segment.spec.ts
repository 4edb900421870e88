import { describe, expect, it } from '@jest/globals';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSegments } from '../../../lib/broker/log/file-segment.ts';
import { PartitionLog } from '../../../lib/broker/log/partition-log.ts';
import { readBatchHeader } from '../../../lib/broker/protocol/record-batch.ts';
import { toLogConfig } from '../../../lib/broker/topics/topic-config.ts';
import { recordBatch } from '../record-batches.ts';
import { temporaryDirectories } from '../storage/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const three = { values: ['a', 'b', 'c'] };
const size = recordBatch(three).length;

function open(dir: string, configs: Record<string, string> = {}, lines: string[] = []): PartitionLog {
  const config = toLogConfig(new Map(Object.entries(configs)), new Map());
  return new PartitionLog({
    store: fileSegments(dir, (line) => lines.push(line)),
    config: () => config,
    now: () => 1_000_000,
    maxProducerIds: 100,
  });
}

function offsets(log: PartitionLog): string {
  const batches = log.read(log.startOffset, 1e9, log.endOffset, true).batches;
  const starts: number[] = [];
  for (let bytes = Buffer.concat(batches); bytes.length > 0; bytes = bytes.subarray(readBatchHeader(bytes).sizeBytes)) {
    starts.push(readBatchHeader(bytes).baseOffset);
  }
  return starts.join(' ');
}

/** Three segments of two batches each. */
function filled(dir: string): void {
  const log = open(dir, { 'segment.bytes': String(2 * size) });
  for (let i = 0; i < 6; i++) log.append(recordBatch(three));
  log.close();
}

function lastFile(dir: string): string {
  return join(dir, readdirSync(dir).toSorted().at(-1) ?? '');
}

describe('a log in files', () => {
  it('is the same after a restart', () => {
    const dir = newDirectory();
    filled(dir);
    const log = open(dir);
    expect(readdirSync(dir).map((name) => Number(name.slice(0, 20)))).toEqual([0, 6, 12]);
    expect([log.startOffset, log.endOffset, offsets(log)]).toEqual([0, 18, '0 3 6 9 12 15']);
    expect(log.append(recordBatch(three)).baseOffset).toBe(18);
    log.close();
  });

  it('gives neighbouring batches in one buffer', () => {
    const dir = newDirectory();
    filled(dir);
    const log = open(dir);
    expect(log.read(1, 1e9, 18, true).batches.map((bytes) => bytes.length)).toEqual([2 * size, 2 * size, 2 * size]);
    expect(log.read(4, 1, 18, true).batches.map((bytes) => readBatchHeader(bytes).baseOffset)).toEqual([3]);
    log.close();
  });

  it.each([
    ['half a header', (file: string) => appendFileSync(file, recordBatch().subarray(0, 30)), '0 3 6 9 12 15'],
    ['half a batch', (file: string) => appendFileSync(file, recordBatch(three).subarray(0, -1)), '0 3 6 9 12 15'],
    ['a batch that does not follow', (file: string) => appendFileSync(file, recordBatch(three)), '0 3 6 9 12 15'],
    ['zeros', (file: string) => appendFileSync(file, Buffer.alloc(5000)), '0 3 6 9 12 15'],
    ['a huge length', (file: string) => appendFileSync(file, Buffer.alloc(100, 0x7f)), '0 3 6 9 12 15'],
    ['less than it had', (file: string) => truncateSync(file, size + 5), '0 3 6 9 12'],
    ['nothing', (file: string) => truncateSync(file, 0), '0 3 6 9'],
  ])('is cut to its last valid batch where the file ends in %s', (_, spoil, expected) => {
    const dir = newDirectory();
    filled(dir);
    spoil(lastFile(dir));
    const lines: string[] = [];
    const log = open(dir, {}, lines);
    const end = log.endOffset;
    expect(offsets(log)).toBe(expected);
    expect(log.append(recordBatch(three)).baseOffset).toBe(end);
    log.close();
    expect(offsets(open(dir))).toBe(`${expected} ${end}`);
  });

  it('says how much it cut off', () => {
    const dir = newDirectory();
    filled(dir);
    appendFileSync(lastFile(dir), 'torn');
    const lines: string[] = [];
    open(dir, {}, lines).close();
    expect(lines).toEqual([`${lastFile(dir)}: 4 bytes of an append that was cut short are removed`]);
    expect(statSync(lastFile(dir)).size).toBe(2 * size);
  });

  it('is refused where an earlier segment is damaged', () => {
    const dir = newDirectory();
    filled(dir);
    const first = join(dir, readdirSync(dir).toSorted()[0] ?? '');
    const bytes = readFileSync(first);
    bytes[size + 65] = 99;
    writeFileSync(first, bytes);
    expect(() => open(dir)).toThrow(`has no valid record batch at byte ${size}`);
  });

  it('finds batches across the pieces in which the file is scanned', () => {
    const dir = newDirectory();
    const log = open(dir);
    const large = { values: ['x'.repeat(900_000)] };
    for (let i = 0; i < 12; i++) log.append(recordBatch(large));
    log.close();
    expect(open(dir).endOffset).toBe(12);
  });

  it('begins where retention or a deletion had moved it', () => {
    const dir = newDirectory();
    filled(dir);
    const log = open(dir);
    log.deleteRecordsBefore(6);
    expect(readdirSync(dir)).toHaveLength(2);
    log.deleteRecordsBefore(18);
    log.close();
    const again = open(dir);
    expect([again.startOffset, again.endOffset, readdirSync(dir).length]).toEqual([18, 18, 1]);
    again.remove();
    expect(() => readdirSync(dir)).toThrow('ENOENT');
  });

  it('knows producers and transactions again', () => {
    const dir = newDirectory();
    const before = open(dir);
    const transactional = { producerId: 5, isTransactional: true };
    before.append(recordBatch({ ...three, producerId: 9, sequence: 0 }));
    before.append(recordBatch({ ...transactional, sequence: 0 }));
    before.appendMarker(5, 0, 'abort');
    before.append(recordBatch({ ...transactional, sequence: 1 }));
    before.close();
    const log = open(dir);
    expect([log.lastStableOffset, log.endOffset, log.openProducerIds]).toEqual([5, 6, [5]]);
    expect(log.abortedTransactions(0, 6)).toEqual([{ producerId: 5, firstOffset: 3, lastOffset: 4 }]);
    expect(log.append(recordBatch({ ...three, producerId: 9, sequence: 0 })).baseOffset).toBe(0);
    expect(log.append(recordBatch({ ...three, producerId: 9, sequence: 7 })).error).toBe(45);
    expect(log.append(recordBatch({ ...three, producerId: 9, sequence: 3 })).baseOffset).toBe(6);
    log.close();
  });
});
