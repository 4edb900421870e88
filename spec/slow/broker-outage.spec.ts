import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { Workplace } from '../faults/running-program.ts';

jest.setTimeout(180_000);

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  place[Symbol.dispose]();
});

async function send(brokers: string, from: number, until: number): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const messages = Array.from({ length: until - from }, (_, i) => ({ value: String(from + i) }));
  await producer.send({ topic: 'numbers', messages });
  await producer.disconnect();
}

it('waits for a broker that is gone for 30 s, says so, and counts every record once', async () => {
  const dir = place.path('broker');
  const first = place.start('broker', '--port', '0', '--topics', 'numbers:2', '--dir', dir);
  const address = /127\.0\.0\.1:(\d+)/u.exec(await first.printed(/127\.0\.0\.1:\d+/u));
  const [brokers, port] = [address?.[0] ?? '', address?.[1] ?? ''];
  await send(brokers, 0, 1000);

  const program = place.program(
    'totals.ts',
    `const ssc = new StreamingContext({ appName: 'totals', batchInterval: seconds(0.5) });
     ssc.checkpoint(env.checkpointDir);
     const numbers = ssc.kafkaStream({ brokers: env.brokers, topics: ['numbers'], startingOffsets: 'earliest' });
     numbers.map(() => ['all', 1] as [string, number])
       .updateStateByKey<number>((ones, sum) => (sum ?? 0) + ones.length)
       .foreachRDD(async (rdd) => { for (const [, n] of await rdd.collect()) console.log('total', n, 'end'); });
     return ssc;`,
  );
  const running = place.start('run', program, '--brokers', brokers, '--checkpoint', place.path('state'));
  await running.printed(/total 1000 end/u);

  first.kill('SIGKILL');
  await first.ended;
  await new Promise((over) => setTimeout(over, 30_000));
  const second = place.start('broker', '--port', port, '--dir', dir);
  await second.printed(/127\.0\.0\.1:\d+/u);
  await send(brokers, 1000, 1500);

  expect(await running.printed(/total 1500 end/u)).toMatch(/unreachable, retrying/u);
  running.kill('SIGTERM');
  const ended = await running.ended;
  expect(ended.status).toBe(0);
  const totals = [...ended.stdout.matchAll(/total (\d+) end/gu)].map((match) => Number(match[1]));
  expect(totals).toEqual(totals.toSorted((a, b) => a - b));
  expect(totals.at(-1)).toBe(1500);
});
