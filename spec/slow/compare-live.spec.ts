import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from 'millrace/broker';
import type { RunModel } from '../../lib/compare/run-model.ts';
import { millrace } from '../e2e/millrace.ts';

jest.setTimeout(120_000);

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ topics: 'clicks:2' });
});
afterAll(async () => {
  await broker.stop();
});

it('compares the records of a Kafka topic as they come', async () => {
  const brokers = broker.bootstrap;
  const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify({ key: ['ann', 'bob', 'eve'][i % 3], value: i }));
  const words = 'compare tumbling --topic clicks --interval 500ms --window 2s --watermark 1s --for 6s --json';
  const [compared] = await Promise.all([
    millrace([...words.split(' '), '--brokers', brokers]),
    millrace(['produce', 'clicks', '--brokers', brokers, '--rate', '30/s'], { stdin: `${lines.join('\n')}\nnone\n` }),
  ]);
  expect(compared.status).toBe(0);
  const model = JSON.parse(compared.stdout) as RunModel;
  expect(model.records.length).toBeGreaterThan(50);
  // Every record was read by both, and is in one row of each: nothing is late that comes at once.
  for (const fates of model.fates)
    expect([fates.dstream.kind, fates.structured.kind]).toEqual(['elsewhere', 'elsewhere']);
  const counted = (side: 'dstream' | 'structured'): number =>
    model.rows.reduce((sum, row) => sum + (row[side]?.row.value ?? 0), 0);
  expect([counted('dstream'), counted('structured')]).toEqual([model.records.length, model.records.length]);
});
