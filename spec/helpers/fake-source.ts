import { failure, located, messageOf } from '../../lib/kernel/errors.ts';
import type { Emit } from '../../lib/kernel/evaluation.ts';
import type { Offset, OffsetRange } from '../../lib/io/offsets.ts';
import type { ReadLimit } from '../../lib/io/read-limit.ts';
import type { PartitionRead, RecordBlock, Source } from '../../lib/io/source.ts';

/** A replayable log in memory: records are appended to partitions, and a range reads the same every time. */
export class FakeSource implements Source<string> {
  readonly name = 'fake';
  readonly replayable = true;
  readonly logs: Record<string, string[]>;
  /** Every range that was read, as `partition:from-until`. */
  readonly reads: string[] = [];
  readonly committed: Offset[] = [];
  readonly limits: ReadLimit[] = [];
  asked = 0;
  isClosed = false;
  failure: Error | undefined;

  constructor(logs: Record<string, string[]>) {
    this.logs = logs;
  }

  append(partition: string, ...records: string[]): void {
    (this.logs[partition] ??= []).push(...records);
  }

  open(from: Offset | undefined): Promise<Offset> {
    this.isClosed = false;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(from ?? Object.fromEntries(Object.keys(this.logs).map((partition) => [partition, 0])));
  }

  latestOffset(from: Offset, limit: ReadLimit): Promise<OffsetRange> {
    this.asked += 1;
    this.limits.push(limit);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const limited = limit.maxRecordsPerPartition;
    const most = (partition: string): number =>
      (typeof limited === 'function' ? limited(partition) : limited) ?? Number.POSITIVE_INFINITY;
    const until = Object.fromEntries(
      Object.entries(this.logs).map(([partition, log]) => [
        partition,
        Math.min(log.length, (from[partition] ?? 0) + most(partition)),
      ]),
    );
    return Promise.resolve({ from: { ...Object.fromEntries(Object.keys(until).map((p) => [p, 0])), ...from }, until });
  }

  read(range: OffsetRange): readonly PartitionRead<string>[] {
    return Object.entries(range.until).map(([partition, until]) => {
      const from = range.from[partition] ?? until;
      return { partition, from, until, blocks: () => this.#blocks(partition, from, until) };
    });
  }

  commit(until: Offset): Promise<void> {
    this.committed.push(until);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  async *#blocks(partition: string, from: number, until: number): AsyncGenerator<RecordBlock<string>> {
    this.reads.push(`${partition}:${from}-${until}`);
    for (let at = from; at < until; at += 2) {
      await Promise.resolve();
      const records = (this.logs[partition] ?? []).slice(at, Math.min(until, at + 2));
      yield {
        count: records.length,
        sizeBytes: 100 * records.length,
        forEach(emit: Emit<string>): void {
          for (const [i, record] of records.entries()) {
            try {
              emit(record);
            } catch (error) {
              throw placed(error, partition, at + i);
            }
          }
        },
      };
    }
  }
}

/** What fails on a record leaves with the record's place, as the contract of blocks says. */
function placed(error: unknown, name: string, offset: number): unknown {
  const dash = name.lastIndexOf('-');
  const where = { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)), offset };
  return (
    located(error, where) ?? failure('SOURCE_RECORD_FAILED', { reason: messageOf(error) }, { cause: error, where })
  );
}
