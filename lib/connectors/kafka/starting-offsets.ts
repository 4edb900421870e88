import type { Offset } from '../../io/offsets.ts';
import { raise } from '../../kernel/errors.ts';
import type { KafkaCluster } from './cluster.ts';
import { earliest, latest } from './list-offsets-request.ts';
import { parsePartitionKey, partitionKey, type TopicPartition } from './partition-key.ts';
import type { StartAt } from './source-options.ts';

/** Resolves `startingOffsets` for each partition. Numbers are taken as they are, after a check that the log reaches there. */
export async function startingOffsets(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  startAt: StartAt,
  readCommitted: boolean,
): Promise<Offset> {
  const keys = partitions.map(({ topic, partition }) => partitionKey(topic, partition));
  const find = async (timestamp: number): Promise<ReadonlyMap<string, number>> =>
    await cluster.offsets(
      partitions.map((place) => ({ ...place, timestamp })),
      readCommitted,
    );
  if (keys.length === 0) return {};
  if (startAt.at === 'offsets') return checked(keys, startAt.offsets, await find(earliest), await find(latest));
  if (startAt.at === 'timestamps') return await sinceTimes(cluster, partitions, startAt, readCommitted);
  if (startAt.at !== 'timestamp') return byKey(keys, await find(startAt.at === 'earliest' ? earliest : latest));
  const [found, ends] = [await find(startAt.timestamp), await find(latest)];
  // No record at or after the time: what comes next.
  return Object.fromEntries(keys.map((key) => [key, atOrEnd(found.get(key), ends.get(key))]));
}

async function sinceTimes(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  { timestamps, orElse }: StartAt & { readonly at: 'timestamps' },
  readCommitted: boolean,
): Promise<Offset> {
  const keys = partitions.map(({ topic, partition }) => partitionKey(topic, partition));
  const missing = keys.filter((key) => !timestamps.has(key));
  if (missing.length > 0) raise('KAFKA_STARTING_OFFSETS', { partitions: missing.join(', ') });
  const find = async (timeOf: (key: string) => number): Promise<ReadonlyMap<string, number>> =>
    await cluster.offsets(
      partitions.map((place, i) => ({ ...place, timestamp: timeOf(keys[i] ?? '') })),
      readCommitted,
    );
  const [found, ends] = [await find((key) => timestamps.get(key) ?? latest), await find(() => latest)];
  for (const [i, key] of keys.entries()) {
    const timestamp = timestamps.get(key) ?? latest;
    if (orElse === 'latest' || timestamp < 0 || (found.get(key) ?? -1) >= 0) continue;
    raise(
      'KAFKA_NOTHING_SINCE',
      { partition: key, timestamp },
      partitions[i] === undefined ? {} : { where: partitions[i] },
    );
  }
  return Object.fromEntries(keys.map((key) => [key, atOrEnd(found.get(key), ends.get(key))]));
}

function byKey(keys: readonly string[], found: ReadonlyMap<string, number>): Offset {
  return Object.fromEntries(keys.map((key) => [key, found.get(key) ?? 0]));
}

function atOrEnd(found: number | undefined, end: number | undefined): number {
  return found === undefined || found < 0 ? (end ?? 0) : Math.min(found, end ?? found);
}

function checked(
  keys: readonly string[],
  given: ReadonlyMap<string, number>,
  firsts: ReadonlyMap<string, number>,
  ends: ReadonlyMap<string, number>,
): Offset {
  const missing = keys.filter((key) => !given.has(key));
  if (missing.length > 0) raise('KAFKA_STARTING_OFFSETS', { partitions: missing.join(', ') });
  const start: Record<string, number> = {};
  for (const key of keys) {
    const [first, end] = [firsts.get(key) ?? 0, ends.get(key) ?? 0];
    const asked = given.get(key) ?? 0;
    const offset = asked === earliest ? first : asked === latest ? end : asked;
    const where = { ...parsePartitionKey(key), offset };
    if (offset > end) raise('SOURCE_BEYOND_END', { partition: key, offset, latest: end }, { where });
    if (offset < first) {
      raise(
        'SOURCE_DATA_LOST',
        { partition: key, from: offset, until: first, earliest: first, latest: end },
        { where },
      );
    }
    start[key] = offset;
  }
  return start;
}
