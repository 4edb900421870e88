import { randomFrom } from '../random.ts';
import {
  addPartitions,
  createTopic,
  earliest,
  endTransaction,
  fetch,
  initProducer,
  latest,
  listOffsets,
  messages,
  produce,
  type ProducerSession,
  T0,
} from './requests.ts';
import type { BrokerScript, Transcript } from './transcript.ts';

const steps = 40;

interface Member {
  readonly id: string;
  session: ProducerSession;
  sequence: number;
  isOpen: boolean;
}

/**
 * A script of random writes, transactions that overlap, fenced producers, removed records and look-ups on one partition; the same for the
 * same seed. Every answer is kept.
 */
export function randomScript(seed: number): BrokerScript {
  return {
    title: `random script ${seed}`,
    async run(t) {
      const random = randomFrom(seed);
      const below = (n: number): number => Math.floor(random() * n);
      const pick = <T>(list: readonly T[]): T => {
        const picked = list[below(list.length)];
        if (picked === undefined) throw new RangeError('nothing to pick from');
        return picked;
      };
      const topic = await createTopic(t, 'random');
      const members: Member[] = [];
      for (const id of ['tx-a', 'tx-b', 'tx-c']) {
        members.push({ id, session: await initProducer(t, id), sequence: 0, isOpen: false });
      }
      let end = 0;
      let count = 0;
      const some = (): ReturnType<typeof messages> =>
        Array.from({ length: 1 + below(3) }, () => ({ value: `m${count++}`, timestamp: T0 + below(50) }));
      const marked = async (): Promise<void> => await untilEnd(t, topic, ++end);

      const actions: readonly (() => Promise<void>)[] = [
        async () => {
          const records = some();
          await produce(t, topic, records, { compression: below(2) });
          end += records.length;
        },
        async () => {
          const member = pick(members);
          if (!member.isOpen) await addPartitions(t, member.session, topic, 0);
          member.isOpen = true;
          const records = some();
          await produce(t, topic, records, { producer: member.session, firstSequence: member.sequence });
          member.sequence += records.length;
          end += records.length;
        },
        async () => {
          const member = pick(members);
          await endTransaction(t, member.session, random() < 0.5);
          if (member.isOpen) await marked();
          member.isOpen = false;
        },
        async () => {
          if (random() < 0.6) return;
          const member = pick(members);
          const fenced = member.session;
          member.session = await initProducer(t, member.id);
          member.sequence = 0;
          if (member.isOpen) await marked();
          member.isOpen = false;
          await addPartitions(t, fenced, topic, 0);
        },
        async () => {
          // Kafka's last stable offset may lie before the start of a log that was cut inside an open transaction.
          if (random() < 0.5 || members.some(({ isOpen }) => isOpen)) return;
          const offset = below(end + 1);
          await t.ask('DeleteRecords', {
            topics: [{ topic, partitions: [{ partition: 0, offset }] }],
            timeout: 10_000,
          });
        },
        async () => void (await fetch(t, topic, below(end + 2), { isolationLevel: 1, maxWaitTime: 20 })),
        async () => void (await fetch(t, topic, below(end + 2), { isolationLevel: 0, maxWaitTime: 20 })),
        async () => void (await listOffsets(t, topic, T0 + below(60))),
        async () => {
          for (const timestamp of [earliest, latest]) await listOffsets(t, topic, timestamp, { isolationLevel: 1 });
        },
      ];
      for (let step = 0; step < steps; step++) await pick(actions)();
      for (const member of members.filter(({ isOpen }) => isOpen)) {
        await endTransaction(t, member.session, random() < 0.5);
        await marked();
      }
      for (let offset = 0; offset <= end; offset++) {
        await fetch(t, topic, offset, { isolationLevel: 1, maxWaitTime: 20 });
      }
    },
  };
}

/** The markers of an ended transaction are written in the broker's own time. */
async function untilEnd(t: Transcript, topic: string, end: number): Promise<void> {
  await t.until<{ responses: { partitions: { offset: string }[] }[] }>(
    ({ responses }) => Number(responses[0]?.partitions[0]?.offset) === end,
    'ListOffsets',
    { isolationLevel: 0, topics: [{ topic, partitions: [{ partition: 0, timestamp: latest }] }] },
  );
}
