import { describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MetadataLog } from '../../../lib/broker/storage/metadata-log.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();

function written(): string {
  const path = join(newDirectory(), 'metadata.log');
  const log = new MetadataLog(path);
  log.put(['topic', 'a'], { partitions: 1 });
  log.put(['topic', 'b'], { partitions: 2 });
  log.put(['offset', 'g', 'a', 0], 5);
  log.put(['topic', 'a'], { partitions: 3 });
  log.put(['offset', 'g', 'a', 0], undefined);
  log.close();
  return path;
}

function topicsOf(path: string): unknown[] {
  const log = new MetadataLog(path);
  const found = [...log.entries('topic')];
  log.close();
  return found;
}

describe('the metadata log', () => {
  it('remembers the last value of each key, also after it was rewritten', () => {
    const path = written();
    const before = statSync(path).size;
    const expected = [
      [['topic', 'b'], { partitions: 2 }],
      [['topic', 'a'], { partitions: 3 }],
    ];
    expect(topicsOf(path)).toEqual(expected);
    expect(statSync(path).size).toBeLessThan(before);
    expect(topicsOf(path)).toEqual(expected);
  });

  it.each([
    ['a length', Buffer.from([0, 0])],
    ['an entry without its end', Buffer.from([0, 0, 0, 50, 1, 2, 3, 4, 65])],
    ['an entry with other bytes than were meant', Buffer.from([0, 0, 0, 2, 1, 2, 3, 4, 65, 66])],
  ])('drops what was left of the last append: %s', (_, tail) => {
    const path = written();
    appendFileSync(path, tail);
    expect(topicsOf(path)).toHaveLength(2);
  });

  it('loses at most the last entry wherever the file ends', () => {
    const path = written();
    const whole = readFileSync(path);
    const counts: number[] = [];
    for (let size = whole.length; size >= 0; size -= 7) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      counts.push(topicsOf(path).length);
    }
    expect([...new Set(counts)]).toEqual([2, 1, 0]);
  });

  it('refuses a file that is damaged further in', () => {
    const path = written();
    const bytes = readFileSync(path);
    bytes[12] = 0;
    writeFileSync(path, bytes);
    expect(() => new MetadataLog(path)).toThrow('[BROKER_DIR_DAMAGED]');
  });

  it('does not grow with how often the same is said', () => {
    const path = join(newDirectory(), 'metadata.log');
    const log = new MetadataLog(path);
    const text = 'x'.repeat(100_000);
    for (let i = 0; i < 200; i++) log.put(['offset', 'g'], `${text}${i}`);
    log.close();
    expect(statSync(path).size).toBeLessThan(6_000_000);
    const again = new MetadataLog(path);
    expect([...again.entries('offset')]).toEqual([[['offset', 'g'], `${text}199`]]);
    again.close();
  });
});
