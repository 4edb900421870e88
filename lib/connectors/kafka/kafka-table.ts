import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import type { TableFormat } from '../../io/table-format.ts';
import type { Available, RangePart, TableRange, TableSource } from '../../io/table-source.ts';
import { failure } from '../../kernel/errors.ts';
import { KafkaSource } from './kafka-source.ts';
import { limitRange } from './limit-range.ts';
import { parsePartitionKey } from './partition-key.ts';
import { headersColumn, kafkaColumns } from './table-columns.ts';
import { parseTableOptions, type TableSettings } from './table-options.ts';

/** Kafka as a table of the structured engine: `format('kafka')`. */
export const kafkaTable: TableFormat = {
  columns: (options, isStreaming) =>
    parseTableOptions(options, isStreaming).includeHeaders ? [...kafkaColumns, headersColumn] : kafkaColumns,
  stream: (options, context) => new KafkaTableSource(parseTableOptions(options, true), context),
  scan: (options, context) => scan(parseTableOptions(options, false), context),
};

/** Records of Kafka by column, over the source that streams of records use, too: packed blocks, read ahead by a thread. */
class KafkaTableSource implements TableSource {
  readonly description: string;
  readonly #settings: TableSettings;
  readonly #source: KafkaSource;
  readonly #context: ConnectorContext;
  #isFreezing = false;
  #frozen: Offset | undefined;
  /** When `minOffsetsPerTrigger` last let a batch through. */
  #lastBatchMs: number;

  constructor(settings: TableSettings, context: ConnectorContext) {
    this.description = settings.description;
    this.#settings = settings;
    this.#context = context;
    this.#source = new KafkaSource(settings.source, context);
    this.#lastBatchMs = context.clock.now();
  }

  async open(from: Offset | undefined): Promise<Offset> {
    const position = await this.#source.open(from);
    // The first batch begins there; after a restart one that was planned before may come first.
    if (from === undefined && this.#context.readsElsewhere !== true) this.#source.readAhead(position);
    if (from === undefined && !this.#settings.isStartGiven) {
      const count = await this.#source.countBefore(position);
      const { description } = this;
      if (count > 0) this.#context.warn(failure('SOURCE_STARTS_AT_LATEST', { source: description, count }).message);
    }
    return position;
  }

  async available(position: Offset, isUnlimited: boolean): Promise<Available> {
    const { from, until: latest } = await this.#source.latestOffset(position, {});
    if (this.#isFreezing) this.#frozen ??= latest;
    const ends = this.#frozen === undefined ? latest : within(latest, this.#frozen, from);
    const { maxOffsetsPerTrigger, minOffsetsPerTrigger } = this.#settings;
    if (isUnlimited) return { from, until: ends, latest };
    if (minOffsetsPerTrigger !== undefined && this.#mayWait(from, ends, minOffsetsPerTrigger)) {
      return { from, until: from, latest };
    }
    this.#lastBatchMs = this.#context.clock.now();
    if (maxOffsetsPerTrigger === undefined) return { from, until: ends, latest };
    return { ...limitRange(from, ends, { maxRecords: maxOffsetsPerTrigger }), latest };
  }

  /** Too little for a batch, and not for too long. */
  #mayWait(from: Offset, ends: Offset, min: number): boolean {
    const lag = Object.entries(ends).reduce((sum, [key, end]) => sum + end - (from[key] ?? end), 0);
    const waitedMs = this.#context.clock.now() - this.#lastBatchMs;
    return lag < min && waitedMs < this.#settings.maxTriggerDelayMs && this.#frozen === undefined;
  }

  /** The next look at the ends is the last one; partitions that begin later are left to the next run. */
  freeze(): Promise<void> {
    this.#isFreezing = true;
    return Promise.resolve();
  }

  async *read(range: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    for (const part of this.#source.read(range)) {
      for await (const block of part.blocks()) yield block as ColumnarBlock;
    }
  }

  divide({ from, until }: TableRange, parts: number): readonly RangePart[] {
    const keys = Object.keys(until);
    const end = (part: number): number => Math.floor((keys.length * part) / parts);
    return Array.from({ length: parts }, (_, part) => {
      const own = keys.slice(end(part), end(part + 1));
      const pick = (offsets: Offset): Offset =>
        Object.fromEntries(own.flatMap((key) => (offsets[key] === undefined ? [] : [[key, offsets[key]]])));
      return { range: { from: pick(from), until: pick(until) } };
    });
  }

  sample(): ColumnarBlock {
    return this.#source.emptyBlock() as ColumnarBlock;
  }

  async commit(until: Offset): Promise<void> {
    await this.#source.commit(until);
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  printOffset(offset: Offset): unknown {
    const topics: Record<string, Record<string, number>> = {};
    for (const [key, position] of Object.entries(offset)) {
      const { topic, partition } = parsePartitionKey(key);
      (topics[topic] ??= {})[partition] = position;
    }
    return topics;
  }

  metrics({ until }: TableRange, latest: Offset): Readonly<Record<string, string>> {
    const behind = Object.entries(until).map(([key, end]) => Math.max(0, (latest[key] ?? end) - end));
    if (behind.length === 0) return {};
    return {
      avgOffsetsBehindLatest: decimal(behind.reduce((sum, n) => sum + n, 0) / behind.length),
      maxOffsetsBehindLatest: String(Math.max(...behind)),
      minOffsetsBehindLatest: String(Math.min(...behind)),
    };
  }
}

/** The ends, but none beyond the frozen ones; a partition that was not there then stays where it is. */
function within(ends: Offset, frozen: Offset, from: Offset): Offset {
  return Object.fromEntries(
    Object.entries(ends).map(([key, end]) => [
      key,
      Math.max(from[key] ?? 0, Math.min(end, frozen[key] ?? from[key] ?? end)),
    ]),
  );
}

async function* scan(
  settings: TableSettings,
  context: ConnectorContext,
): AsyncGenerator<ColumnarBlock, void, undefined> {
  const source = new KafkaSource(settings.source, context);
  // Where it ends is found as where one begins is.
  const end = new KafkaSource({ ...settings.source, startAt: settings.endAt }, { ...context, readsElsewhere: true });
  try {
    const [from, until] = [await source.open(undefined), await end.open(undefined)];
    const range = {
      from,
      until: Object.fromEntries(
        Object.entries(from).map(([key, first]) => [key, Math.max(first, until[key] ?? first)]),
      ),
    };
    for (const part of source.read(range)) {
      for await (const block of part.blocks()) yield block as ColumnarBlock;
    }
  } finally {
    await source.close();
    await end.close();
  }
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
