import {
  addPartitions,
  createTopic,
  endTransaction,
  fetch,
  initProducer,
  latest,
  listOffsets,
  messages,
  produce,
  type ProducerSession,
} from '../requests.ts';
import type { BrokerScript, Transcript } from '../transcript.ts';

const uncommitted = { isolationLevel: 0 } as const;
const committed = { isolationLevel: 1 } as const;

async function both(t: Transcript, topic: string, offset = 0): Promise<void> {
  await fetch(t, topic, offset, uncommitted);
  await fetch(t, topic, offset, committed);
  await listOffsets(t, topic, latest, uncommitted);
  await listOffsets(t, topic, latest, committed);
}

/** The markers of an ended transaction are written in the broker's own time. */
async function settled(t: Transcript, topic: string, lastStableOffset: number): Promise<void> {
  await t.until<{ responses: { partitions: { offset: string }[] }[] }>(
    ({ responses }) => Number(responses[0]?.partitions[0]?.offset) === lastStableOffset,
    'ListOffsets',
    { ...committed, topics: [{ topic, partitions: [{ partition: 0, timestamp: latest }] }] },
  );
}

async function write(
  t: Transcript,
  topic: string,
  producer: ProducerSession,
  firstSequence: number,
  ...values: string[]
) {
  await produce(t, topic, messages(...values), { producer, firstSequence });
}

async function offsetsOf(t: Transcript, groupId: string, topic: string): Promise<void> {
  await t.ask('OffsetFetch', { groupId, topics: [{ topic, partitions: [{ partition: 0 }] }] });
}

export const transactionScripts: readonly BrokerScript[] = [
  {
    title: 'records of an open transaction are held back until it is committed',
    async run(t) {
      const topic = await createTopic(t, 'commit');
      const producer = await initProducer(t, 'tx');
      await produce(t, topic, messages('before'));
      await addPartitions(t, producer, topic, 0);
      await write(t, topic, producer, 0, 'a', 'b');
      await produce(t, topic, messages('beside'));
      await both(t, topic);
      await endTransaction(t, producer, true);
      await settled(t, topic, 5);
      await both(t, topic);
      await both(t, topic, 2);
    },
  },
  {
    title: 'aborted records stay in the log and are named for the reader',
    async run(t) {
      const topic = await createTopic(t, 'abort');
      const producer = await initProducer(t, 'tx');
      await addPartitions(t, producer, topic, 0);
      await write(t, topic, producer, 0, 'a', 'b');
      await endTransaction(t, producer, false);
      await settled(t, topic, 3);
      await both(t, topic);
      await addPartitions(t, producer, topic, 0);
      await write(t, topic, producer, 2, 'c');
      await endTransaction(t, producer, true);
      await settled(t, topic, 5);
      await both(t, topic);
      await both(t, topic, 3);
    },
  },
  {
    title: 'overlapping transactions that are aborted in the other order are all named',
    async run(t) {
      const topic = await createTopic(t, 'overlap');
      const a = await initProducer(t, 'tx-a');
      const b = await initProducer(t, 'tx-b');
      const c = await initProducer(t, 'tx-c');
      for (const producer of [a, b, c]) await addPartitions(t, producer, topic, 0);
      await write(t, topic, a, 0, 'a1');
      await write(t, topic, b, 0, 'b1');
      await write(t, topic, c, 0, 'c1');
      await write(t, topic, a, 1, 'a2');
      await write(t, topic, b, 1, 'b2');
      await both(t, topic);
      await endTransaction(t, b, false);
      await t.until<{ responses: { partitions: { offset: string }[] }[] }>(
        ({ responses }) => Number(responses[0]?.partitions[0]?.offset) === 6,
        'ListOffsets',
        { ...uncommitted, topics: [{ topic, partitions: [{ partition: 0, timestamp: latest }] }] },
      );
      await both(t, topic);
      await endTransaction(t, a, false);
      await settled(t, topic, 2);
      await both(t, topic);
      await endTransaction(t, c, true);
      await settled(t, topic, 8);
      for (const offset of [0, 1, 2, 3, 4, 5, 6, 7, 8]) await both(t, topic, offset);
    },
  },
  {
    title: 'a transaction over two partitions ends in both',
    async run(t) {
      const topic = await createTopic(t, 'wide', 2);
      const producer = await initProducer(t, 'tx');
      await addPartitions(t, producer, topic, 0, 1);
      await write(t, topic, producer, 0, 'left');
      await produce(t, topic, messages('right'), { producer, firstSequence: 0, partition: 1 });
      await endTransaction(t, producer, true);
      await settled(t, topic, 2);
      await both(t, topic);
      await fetch(t, topic, 0, { partition: 1, isolationLevel: 1 });
    },
  },
  {
    title: 'a second producer of the same id ends the open transaction and fences the first',
    async run(t) {
      const topic = await createTopic(t, 'fence');
      const first = await initProducer(t, 'tx');
      await addPartitions(t, first, topic, 0);
      await write(t, topic, first, 0, 'lost');
      const second = await initProducer(t, 'tx');
      t.note('same producer id, next epochs', [
        first.producerId === second.producerId,
        first.producerEpoch,
        second.producerEpoch,
      ]);
      await settled(t, topic, 2);
      await write(t, topic, first, 1, 'zombie');
      await addPartitions(t, first, topic, 0);
      await endTransaction(t, first, true);
      await addPartitions(t, second, topic, 0);
      await write(t, topic, second, 0, 'kept');
      await endTransaction(t, second, true);
      await settled(t, topic, 4);
      await both(t, topic);
    },
  },
  {
    title: 'a transaction that stays open too long is aborted by the broker',
    async run(t) {
      const topic = await createTopic(t, 'timeout');
      const producer = await initProducer(t, 'tx', 1000);
      await addPartitions(t, producer, topic, 0);
      await write(t, topic, producer, 0, 'late');
      await settled(t, topic, 2);
      await both(t, topic);
      await endTransaction(t, producer, true);
      await write(t, topic, producer, 1, 'later');
    },
  },
  {
    title: 'offsets sent in a transaction count when it commits',
    async run(t) {
      const topic = await createTopic(t, 'eos');
      const groupId = t.name('eos-group');
      const producer = await initProducer(t, 'tx');
      const send = async (offset: string) => {
        await t.ask('AddOffsetsToTxn', { ...producer, groupId });
        await t.ask('TxnOffsetCommit', {
          ...producer,
          groupId,
          topics: [{ topic, partitions: [{ partition: 0, offset, metadata: `batch ${offset}` }] }],
        });
      };
      await t.quietly('GroupCoordinator', { groupId });
      await send('7');
      await offsetsOf(t, groupId, topic);
      await endTransaction(t, producer, true);
      await t.until<{ responses: { partitions: { offset: string }[] }[] }>(
        ({ responses }) => responses[0]?.partitions[0]?.offset === '7',
        'OffsetFetch',
        { groupId, topics: [{ topic, partitions: [{ partition: 0 }] }] },
      );
      await send('9');
      await endTransaction(t, producer, false);
      await offsetsOf(t, groupId, topic);
    },
  },
  {
    title: 'a transaction is refused where it is not in the right state',
    async run(t) {
      const topic = await createTopic(t, 'state');
      const producer = await initProducer(t, 'tx');
      await endTransaction(t, producer, true);
      await endTransaction(t, producer, false);
      await addPartitions(t, producer, t.name('nobody'), 0);
      await addPartitions(t, producer, topic, 5);
      await addPartitions(t, { ...producer, producerId: '987654321' }, topic, 0);
      await addPartitions(t, { ...producer, producerEpoch: 9 }, topic, 0);
      await addPartitions(t, { ...producer, transactionalId: t.name('nobody') }, topic, 0);
      await t.ask('InitProducerId', { transactionalId: t.name('eternal'), transactionTimeout: 2_000_000_000 });
      await t.ask('InitProducerId', { transactionalId: t.name('negative'), transactionTimeout: -5 });
      await t.ask('InitProducerId', { transactionalId: '', transactionTimeout: 1000 });
      await addPartitions(t, producer, topic, 0);
      await addPartitions(t, producer, topic, 0);
      await write(t, topic, producer, 0, 'a');
      await endTransaction(t, producer, true);
      await endTransaction(t, producer, true);
      await settled(t, topic, 2);
      await both(t, topic);
    },
  },
  {
    title: 'a fetch names the aborted transactions from its offset on',
    async run(t) {
      const topic = await createTopic(t, 'many-aborts');
      const producer = await initProducer(t, 'tx');
      for (let i = 0; i < 4; i++) {
        await addPartitions(t, producer, topic, 0);
        await write(t, topic, producer, i, `${i}`.repeat(150));
        await endTransaction(t, producer, i % 2 === 1);
        await settled(t, topic, (i + 1) * 2);
      }
      for (const offset of [0, 1, 2, 3, 4, 5, 6, 7]) await fetch(t, topic, offset, committed);
    },
  },
];
