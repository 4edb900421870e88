import type { ColumnarBlock } from '../io/columnar-block.ts';
import type { Offset, OffsetRange } from '../io/offsets.ts';
import { RowsBlock } from '../io/rows-block.ts';
import type { PartitionRead, RecordBlock, Source } from '../io/source.ts';
import type { Available, OpensTableSource, TableRange, TableSource } from '../io/table-source.ts';
import type { Emit } from '../kernel/evaluation.ts';
import type { CompareRecord } from './run-model.ts';

/** The columns of a record for a structured query. */
export const eventColumns = 'id INT, key STRING, value DOUBLE, stream STRING, time TIMESTAMP';

const columnNames = ['id', 'key', 'value', 'stream', 'time'];

/**
 * A partitioned log that both engines read, as they would a Kafka topic: a record is there once its arrival time has passed on the
 * clock, and a range of offsets reads the same records every time.
 *
 * Within a partition records lie in order of arrival; `add` keeps that, so it may only be given records that arrive after those before.
 */
export class ArrivalLog {
  readonly #partitions: CompareRecord[][] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The greatest event time so far. */
  get lastEventMs(): number {
    return this.#partitions.flat().reduce((last, { eventMs }) => Math.max(last, eventMs), 0);
  }

  add(records: Iterable<CompareRecord>): void {
    for (const record of records) {
      while (this.#partitions.length <= record.partition) this.#partitions.push([]);
      this.#partitions[record.partition]?.push(record);
    }
  }

  /** As a source of a DStream. */
  source(): Source<CompareRecord> {
    return new LogSource(this);
  }

  /** As a source of a structured query. */
  table(): OpensTableSource {
    return { tableSource: () => new LogTable(this) };
  }

  get start(): Offset {
    return Object.fromEntries(this.#partitions.map((_, partition) => [String(partition), 0]));
  }

  /** Behind the records that arrived before now. */
  get end(): Offset {
    const now = this.#now();
    return Object.fromEntries(
      this.#partitions.map((log, partition) => {
        const later = log.findIndex(({ arrivalMs }) => arrivalMs >= now);
        return [String(partition), later < 0 ? log.length : later];
      }),
    );
  }

  slice(partition: string, from: number, until: number): readonly CompareRecord[] {
    return this.#partitions[Number(partition)]?.slice(from, until) ?? [];
  }

  /** The records of a range, in the order of its partitions. */
  records({ from, until }: OffsetRange): readonly CompareRecord[] {
    return Object.keys(until).flatMap((partition) =>
      this.slice(partition, from[partition] ?? 0, until[partition] ?? 0),
    );
  }
}

class LogSource implements Source<CompareRecord> {
  readonly name = 'compare';
  readonly replayable = true;
  readonly #log: ArrivalLog;

  constructor(log: ArrivalLog) {
    this.#log = log;
  }

  open(from: Offset | undefined): Promise<Offset> {
    return Promise.resolve(from ?? this.#log.start);
  }

  latestOffset(from: Offset): Promise<OffsetRange> {
    // A partition that is new begins at its first record.
    return Promise.resolve({ from: { ...this.#log.start, ...from }, until: this.#log.end });
  }

  read({ from, until }: OffsetRange): readonly PartitionRead<CompareRecord>[] {
    return Object.keys(until).map((partition) => {
      const [first, end] = [from[partition] ?? 0, until[partition] ?? 0];
      const records = this.#log.slice(partition, first, end);
      return { partition, from: first, until: end, blocks: () => one(new RecordsBlock(records)) };
    });
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class LogTable implements TableSource {
  readonly description = 'compare';
  readonly #log: ArrivalLog;
  #frozen: Offset | undefined;

  constructor(log: ArrivalLog) {
    this.#log = log;
  }

  open(from: Offset | undefined): Promise<Offset> {
    return Promise.resolve(from ?? this.#log.start);
  }

  available(from: Offset): Promise<Available> {
    const until = this.#frozen ?? this.#log.end;
    return Promise.resolve({ from: { ...this.#log.start, ...from }, until, latest: until });
  }

  freeze(): Promise<void> {
    this.#frozen = this.#log.end;
    return Promise.resolve();
  }

  async *read(range: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    const rows = this.#log
      .records(range)
      .map(({ id, key, value, stream, eventMs }) => [id, key, value, stream, eventMs * 1000]);
    if (rows.length > 0) yield new RowsBlock(columnNames, rows, (row) => ({ row }));
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class RecordsBlock implements RecordBlock<CompareRecord> {
  readonly #records: readonly CompareRecord[];

  constructor(records: readonly CompareRecord[]) {
    this.#records = records;
  }

  get count(): number {
    return this.#records.length;
  }

  get sizeBytes(): number {
    return this.#records.length * 64;
  }

  forEach(emit: Emit<CompareRecord>): void {
    for (const record of this.#records) emit(record);
  }
}

async function* one<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}
