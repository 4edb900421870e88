import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../../kernel/errors.ts';
import { AppendFile } from '../storage/append-file.ts';
import { type BatchVisitor, scanBatches } from './batch-scan.ts';
import { type BatchEntry, type NewBatch, nextEntry, type Segment, type SegmentStore } from './segment.ts';

const offsetDigits = 20;

/**
 * The segments of one partition as files of a directory, each named by its first offset, with Kafka's bytes in them.
 *
 * The index is rebuilt at every start. A torn end is cut off the last file; the same in an earlier file is damage.
 */
export function fileSegments(dir: string, log: (line: string) => void): SegmentStore {
  return {
    open(visit) {
      if (!existsSync(dir)) return [];
      const offsets = readdirSync(dir)
        .filter((name) => /^\d{20}\.log$/u.test(name))
        .map((name) => Number(name.slice(0, offsetDigits)))
        .toSorted((a, b) => a - b);
      return offsets.map((offset, i) => FileSegment.open(dir, offset, i === offsets.length - 1, visit, log));
    },
    create(baseOffset) {
      mkdirSync(dir, { recursive: true });
      return new FileSegment(baseOffset, AppendFile.create(pathOf(dir, baseOffset)), []);
    },
    remove() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

class FileSegment implements Segment {
  readonly baseOffset: number;
  readonly entries: BatchEntry[];
  readonly #file: AppendFile;

  constructor(baseOffset: number, file: AppendFile, entries: BatchEntry[]) {
    this.baseOffset = baseOffset;
    this.#file = file;
    this.entries = entries;
  }

  static open(
    dir: string,
    baseOffset: number,
    isLast: boolean,
    visit: BatchVisitor,
    log: (line: string) => void,
  ): FileSegment {
    const path = pathOf(dir, baseOffset);
    const entries: BatchEntry[] = [];
    const { validBytes, fileBytes } = scanBatches(path, baseOffset, (batch, header) => {
      const lastOffset = header.baseOffset + header.lastOffsetDelta;
      entries.push(
        nextEntry(entries, {
          bytes: batch,
          baseOffset: header.baseOffset,
          lastOffset,
          maxTimestamp: header.maxTimestamp,
        }),
      );
      visit(batch, header);
    });
    if (validBytes < fileBytes) {
      if (!isLast)
        raise('BROKER_DIR_DAMAGED', { dir, what: `${path} has no valid record batch at byte ${validBytes}` });
      log(`${path}: ${fileBytes - validBytes} bytes of an append that was cut short are removed`);
    }
    return new FileSegment(baseOffset, AppendFile.open(path, validBytes), entries);
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  append(batch: NewBatch): void {
    this.#file.append(batch.bytes);
    this.entries.push(nextEntry(this.entries, batch));
  }

  read(from: number, until: number): Buffer[] {
    const first = this.entries[from];
    const last = this.entries[until - 1];
    if (first === undefined || last === undefined) return [];
    return [this.#file.read(first.position, last.position + last.sizeBytes - first.position)];
  }

  close(): void {
    this.#file.close();
  }

  remove(): void {
    this.#file.remove();
  }
}

function pathOf(dir: string, baseOffset: number): string {
  return join(dir, `${String(baseOffset).padStart(offsetDigits, '0')}.log`);
}
