import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import type * as readerPort from '../../../lib/connectors/kafka/reader-port.ts';
import type * as connector from '../../../lib/connectors/kafka/kafka-connector.ts';
import type { Source } from '../../../lib/io/source.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import { valuesOf } from '../../contracts/source.contract.ts';
import { KafkaWriter } from './kafka-writer.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

const built = resolve('dist/internals.js');

async function readAll(source: Source): Promise<Record<string, string[]>> {
  const range = await source.latestOffset(await source.open(undefined), {});
  return await valuesOf(source, range, (record) => (record as KafkaRecord).value);
}

async function oauthBearerProvider(): Promise<object> {
  return await Promise.resolve({ value: 'x' });
}

/** The build reads in a thread of its own; everything else about the source is specified from its sources. */
describe('the reading thread of the build', () => {
  let broker: Broker;
  let writer: KafkaWriter;
  let create: typeof connector.createKafkaConnector;
  const warnings: string[] = [];

  beforeAll(async () => {
    if (!existsSync(built)) throw new Error('the build is missing: npm run build');
    ({ createKafkaConnector: create } = (await import(pathToFileURL(built).href)) as typeof connector);
    broker = await startBroker({ topics: 't:2' });
    writer = new KafkaWriter(broker.bootstrap);
    for (let i = 0; i < 20; i++)
      await writer.write('t', i % 2, ['a', 'ü', 'c'], { codec: i % 3 === 0 ? 'gzip' : 'none' });
  });

  afterAll(async () => {
    writer.close();
    await broker.stop();
  });

  async function withSource<T>(options: object, work: (source: Source) => Promise<T>): Promise<T> {
    const source = create().source?.(
      { brokers: broker.bootstrap, topics: ['t'], startingOffsets: 'earliest', ...options },
      { clock: systemClock, warn: (text) => warnings.push(text) },
    );
    if (source === undefined) throw new Error('the connector has no source');
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  }

  const all = Array.from({ length: 10 }, () => ['a', 'ü', 'c']).flat();

  it('delivers the same records', async () => {
    expect(await withSource({}, readAll)).toEqual({ 't-0': all, 't-1': all });
    expect(warnings).toEqual([]);
  });

  it('brings its errors over with their code and place', async () => {
    await expect(
      withSource({ maxRecordBytes: 1024, startingOffsets: { 't-0': 0, 't-1': 0 } }, async (source) => {
        await writer.write('t', 1, ['x'.repeat(3000)]);
        return await readAll(source);
      }),
    ).rejects.toMatchObject({ code: 'KAFKA_RECORD_TOO_LARGE', where: { topic: 't', partition: 1, offset: 30 } });
  });

  it('says so when the thread ends on its own', async () => {
    const { openReader } = (await import(pathToFileURL(built).href)) as typeof readerPort;
    const reason = await new Promise((ended) => {
      openReader(undefined as never, { message: () => undefined, ended }, () => undefined);
    });
    expect(reason).toMatchObject({ code: 'KAFKA_READER_ENDED', retriable: true });
  });

  it('gives way to this thread where the options hold functions', async () => {
    const sasl = { mechanism: 'oauthbearer', oauthBearerProvider };
    const reading = withSource({ sasl, startTimeoutMs: 300 }, async (source) => {
      for (const part of source.read({ from: { 't-0': 0 }, until: { 't-0': 1 } })) {
        for await (const block of part.blocks()) block.forEach(() => undefined);
      }
    });
    await expect(reading).rejects.toMatchObject({ code: 'KAFKA_HANDSHAKE_FAILED' });
    expect(warnings.join()).toContain('without a thread of its own');
  });
});
