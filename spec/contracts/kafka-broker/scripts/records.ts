import { createTopic, fetch, fetchRequest, initIdempotent, type Message, messages, produce, T0 } from '../requests.ts';
import type { BrokerScript } from '../transcript.ts';

const full: readonly Message[] = [
  { key: 'k1', value: 'plain', timestamp: T0 },
  { key: null, value: 'without key', timestamp: T0 + 1 },
  { key: 'k2', value: null, timestamp: T0 + 2 },
  { key: '', value: '', timestamp: T0 + 3 },
  { key: 'k3', value: 'with headers', timestamp: T0 + 4, headers: { one: 'a', many: ['b', 'c'], none: '' } },
  { key: 'ключ', value: 'значение 値', timestamp: T0 + 5 },
];
const gzip = 1;

export const recordScripts: readonly BrokerScript[] = [
  {
    title: 'records come back as they were sent, field by field',
    async run(t) {
      const topic = await createTopic(t, 'fields');
      await produce(t, topic, full);
      await fetch(t, topic, 0);
    },
  },
  {
    title: 'a compressed batch is kept as it is',
    async run(t) {
      const topic = await createTopic(t, 'packed');
      await produce(t, topic, full, { compression: gzip });
      await produce(t, topic, messages('after'));
      await fetch(t, topic, 0);
    },
  },
  {
    title: 'offsets go up by one for each record, in each partition for itself',
    async run(t) {
      const topic = await createTopic(t, 'counted', 2);
      await produce(t, topic, messages('a', 'b', 'c'));
      await produce(t, topic, messages('x'), { partition: 1 });
      await produce(t, topic, messages('d'), { acks: 1 });
      await produce(t, topic, messages('y', 'z'), { partition: 1, acks: 1 });
      await fetch(t, topic, 0);
      await fetch(t, topic, 0, { partition: 1 });
    },
  },
  {
    title: 'what cannot be written is refused with its code',
    async run(t) {
      const topic = await createTopic(t, 'refused', 1, { 'max.message.bytes': '500' });
      await produce(t, t.name('nobody'), messages('a'));
      await produce(t, topic, messages('a'), { partition: 7 });
      await produce(t, topic, messages('a'), { partition: -1 });
      await produce(t, topic, messages('x'.repeat(600)));
      await produce(t, topic, messages('a'), { acks: 5 });
      await produce(t, topic, [{ value: Buffer.alloc(10_000), timestamp: T0 }], { compression: gzip });
      await produce(t, topic, messages('fits'));
      await fetch(t, topic, 0);
    },
  },
  {
    title: 'a fetch may begin inside a batch, at the end, and nowhere beyond',
    async run(t) {
      const topic = await createTopic(t, 'ranges');
      await fetch(t, topic, 0);
      await produce(t, topic, messages('a', 'b', 'c'));
      await produce(t, topic, messages('d', 'e'));
      for (const offset of [1, 3, 4, 5, 6, -1]) await fetch(t, topic, offset);
      await fetch(t, topic, 0, { partition: 3 });
      await fetch(t, t.name('nobody'), 0);
    },
  },
  {
    title: 'a small byte limit still gives one whole batch',
    async run(t) {
      const topic = await createTopic(t, 'limits');
      await produce(t, topic, messages('a'.repeat(200), 'b'.repeat(200)));
      await produce(t, topic, messages('c'.repeat(200)));
      await fetch(t, topic, 0, { maxBytes: 1 });
      await fetch(t, topic, 2, { maxBytes: 1 });
      await fetch(t, topic, 0, { maxBytes: 5000 });
    },
  },
  {
    title: 'a waiting fetch is answered by the next record',
    async run(t) {
      const topic = await createTopic(t, 'awaited');
      const reader = await t.wire();
      const writer = await t.wire();
      const waiting = t.quietly('Fetch', fetchRequest(topic, 0, { maxWaitTime: 20_000 }), reader);
      await produce(t, topic, messages('here'), { wire: writer });
      t.note('Fetch', await waiting);
    },
  },
  {
    title: 'a repeated sequence number is answered again and not written again',
    async run(t) {
      const topic = await createTopic(t, 'idempotent');
      const producer = await initIdempotent(t);
      await produce(t, topic, messages('a', 'b'), { producer, firstSequence: 0 });
      await produce(t, topic, messages('c'), { producer, firstSequence: 2 });
      await produce(t, topic, messages('a', 'b'), { producer, firstSequence: 0 });
      await produce(t, topic, messages('c'), { producer, firstSequence: 2 });
      await produce(t, topic, messages('gap'), { producer, firstSequence: 9 });
      await produce(t, topic, messages('d'), { producer, firstSequence: 3 });
      await fetch(t, topic, 0);
      const other = await initIdempotent(t);
      await produce(t, topic, messages('e'), { producer: other, firstSequence: 0 });
      await fetch(t, topic, 4);
    },
  },
  {
    title: 'only the last five batches of a producer are known by their sequence',
    async run(t) {
      const topic = await createTopic(t, 'window');
      const producer = await initIdempotent(t);
      for (let i = 0; i < 7; i++) await produce(t, topic, messages(`m${i}`), { producer, firstSequence: i });
      for (const again of [6, 2, 1, 0]) {
        await produce(t, topic, messages(`m${again}`), { producer, firstSequence: again });
      }
      await fetch(t, topic, 0);
    },
  },
];
