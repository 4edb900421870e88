import { createTopic, earliest, latest, listOffsets, produce, T0 } from '../requests.ts';
import type { BrokerScript, Transcript } from '../transcript.ts';

async function at(t: Transcript, topic: string, ...times: readonly number[]): Promise<void> {
  for (const time of times) await listOffsets(t, topic, T0 + time);
}
const timed = (...times: readonly number[]) => times.map((time) => ({ value: `at ${time}`, timestamp: T0 + time }));

export const offsetScripts: readonly BrokerScript[] = [
  {
    title: 'an empty partition begins and ends at 0',
    async run(t) {
      const topic = await createTopic(t, 'empty');
      await listOffsets(t, topic, earliest);
      await listOffsets(t, topic, latest);
      await at(t, topic, 0);
    },
  },
  {
    title: 'a time finds the first record at or after it, also inside a batch',
    async run(t) {
      const topic = await createTopic(t, 'times');
      await produce(t, topic, timed(0, 10, 20));
      await produce(t, topic, timed(30, 40));
      await at(t, topic, -5, 0, 5, 10, 15, 20, 25, 30, 35, 40, 41);
      await listOffsets(t, topic, latest);
    },
  },
  {
    title: 'a time finds its record inside a compressed batch',
    async run(t) {
      const topic = await createTopic(t, 'packed-times');
      await produce(t, topic, timed(0, 10, 20), { compression: 1 });
      await at(t, topic, -5, 5, 10, 15, 20, 21);
    },
  },
  {
    title: 'times out of order are found by offset, not by time',
    async run(t) {
      const topic = await createTopic(t, 'unordered');
      await produce(t, topic, timed(50, 10, 30));
      await produce(t, topic, timed(20, 60));
      await produce(t, topic, timed(5));
      await at(t, topic, 0, 5, 10, 25, 40, 50, 55, 60, 61);
    },
  },
  {
    title: 'partitions and topics that do not exist have no offsets',
    async run(t) {
      const topic = await createTopic(t, 'known');
      await listOffsets(t, topic, latest, { partition: 4 });
      await listOffsets(t, topic, latest, { partition: -1 });
      await listOffsets(t, t.name('nobody'), latest);
    },
  },
];
