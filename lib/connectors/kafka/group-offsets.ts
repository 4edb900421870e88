import type { Offset } from '../../io/offsets.ts';
import type { KafkaCluster } from './cluster.ts';
import { parsePartitionKey } from './partition-key.ts';

/** The kind of coordinator that keeps group offsets. */
const groupCoordinator = 0;

/** Writes offsets as a group without members, so that lag tools see how far a stream is. Nothing here is ever read back. */
export async function commitGroupOffsets(
  cluster: KafkaCluster,
  groupId: string,
  until: Offset,
  timeoutMs: number,
): Promise<void> {
  const byTopic = new Map<string, { partition: number; offset: string; metadata: string | null }[]>();
  for (const [key, offset] of Object.entries(until)) {
    const { topic, partition } = parsePartitionKey(key);
    const list = byTopic.get(topic) ?? [];
    list.push({ partition, offset: String(offset), metadata: null });
    byTopic.set(topic, list);
  }
  const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
  await cluster.retrying(
    async () => {
      const any = await cluster.anyLink();
      const found = await any.run(
        'FindCoordinator',
        async (broker) => await broker.findGroupCoordinator({ groupId, coordinatorType: groupCoordinator }),
      );
      const link = await cluster.linkTo(found.coordinator);
      await link.run(
        'OffsetCommit',
        async (broker) => await broker.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics }),
      );
    },
    { timeoutMs },
  );
}
