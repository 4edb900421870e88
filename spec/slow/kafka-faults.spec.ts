import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from 'millrace/broker';
import { createServer, type Server } from 'node:net';
import { Workplace } from '../faults/running-program.ts';

jest.setTimeout(60_000);

const reading = (topic: string, rest = '', more = ''): string =>
  `const ssc = new StreamingContext({ appName: 'faults', batchInterval: seconds(0.1) });
   ssc.checkpoint(env.checkpointDir);
   const records = ssc.kafkaStream({ brokers: env.brokers, topics: ['${topic}'], startingOffsets: 'earliest'${rest} });
   records.${more || 'map(r => r.value)'}.print();
   return ssc;`;

/** What a user of the command sees when Kafka or the data in it is not as the program expects. */
describe('a program on Kafka', () => {
  let place: Workplace;
  let broker: Broker;
  let kafka: Kafka;

  beforeAll(async () => {
    broker = await startBroker({ autoCreateTopics: false });
    kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
  });
  afterAll(async () => {
    await broker.stop();
  });
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => {
    place[Symbol.dispose]();
  });

  async function topic(
    name: string,
    ...messages: { key?: string | null; value: string | Buffer | null }[]
  ): Promise<void> {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic: name, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '30000000' }] }],
    });
    await admin.disconnect();
    if (messages.length > 0) {
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic: name, messages });
      await producer.disconnect();
    }
  }

  it('ends with status 3 and names the address when no broker is there', async () => {
    const program = place.program('absent.ts', reading('t'));
    const ended = await place.run('run', program, '--brokers', '127.0.0.1:1');
    expect(ended.stderr).toMatch(/\[KAFKA_UNREACHABLE\].*127\.0\.0\.1:1/u);
    expect(ended.status).toBe(3);
    expect(ended.seconds).toBeLessThan(25);
  });

  it('ends with status 3 when the port is open and never answers', async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const { port } = silent.address() as { port: number };
    const ended = await place.run('run', place.program('silent.ts', reading('t')), '--brokers', `127.0.0.1:${port}`);
    silent.close();
    expect(ended.stderr).toMatch(/\[KAFKA_[A-Z_]+\]/u);
    expect(ended.status).toBe(3);
    expect(ended.seconds).toBeLessThan(30);
  });

  it('names a topic that does not exist', async () => {
    await topic('orders');
    const ended = await place.run('run', place.program('unknown.ts', reading('ordres')), '--brokers', broker.bootstrap);
    expect(ended.stderr).toMatch(/ordres/u);
    expect(ended.status).toBe(2);
  });

  it('keeps a null value as null', async () => {
    await topic('nulls', { key: 'k', value: null }, { key: 'l', value: 'here' });
    const ended = await place.run(
      'run',
      place.program('nulls.ts', reading('nulls', '', 'map(r => [r.key, r.value])')),
      '--brokers',
      broker.bootstrap,
      '--until-idle',
    );
    expect(ended.stdout).toContain('(k,null)');
    expect(ended.stdout).toContain('(l,here)');
    expect(ended.status).toBe(0);
  });

  it('reads a value of 20 MB', async () => {
    await topic('large', { value: Buffer.alloc(20_000_000, 'x') });
    const ended = await place.run(
      'run',
      place.program('large.ts', reading('large', '', 'map(r => r.value.length)')),
      '--brokers',
      broker.bootstrap,
      '--until-idle',
    );
    expect(ended.stderr).not.toMatch(/\[\w+\]/u);
    expect(ended.stdout).toContain('\n20000000\n');
    expect(ended.status).toBe(0);
  });

  it('says which record is not JSON', async () => {
    await topic('json', { value: '{"a":1}' }, { value: '{"a":' });
    const ended = await place.run(
      'run',
      place.program('json.ts', reading('json', ", deserialize: { value: 'json' }", 'map(r => r.value.a)')),
      '--brokers',
      broker.bootstrap,
      '--until-idle',
    );
    expect(ended.stderr).toMatch(/json/u);
    expect(ended.stderr).toMatch(/partition 0/u);
    expect(ended.stderr).toMatch(/offset 1/u);
    expect(ended.status).toBe(1);
  });

  it('names operator, batch and record when the function of a program throws, and runs that batch again at the next start', async () => {
    await topic('throws', { value: 'good' }, { value: 'bad' });
    const failing = "map(r => { if (r.value === 'bad') throw new TypeError('no bad ones'); return r.value; })";
    const program = place.program('throws.ts', reading('throws', '', failing));
    const checkpoint = place.path('state');
    const ended = await place.run(
      'run',
      program,
      '--brokers',
      broker.bootstrap,
      '--checkpoint',
      checkpoint,
      '--until-idle',
    );
    expect(ended.stderr).toMatch(/no bad ones/u);
    for (const part of [/map/u, /batch/u, /throws/u, /partition 0/u, /offset 1/u]) expect(ended.stderr).toMatch(part);
    expect(ended.status).toBe(1);
    place.program('throws.ts', reading('throws', '', 'map(r => r.value)'));
    const again = await place.run(
      'run',
      program,
      '--brokers',
      broker.bootstrap,
      '--checkpoint',
      checkpoint,
      '--until-idle',
    );
    expect(again.stdout).toMatch(/good\nbad\n/u);
    expect(again.status).toBe(0);
  });

  it('stops with status 7 and the missing range when retention has removed what it has not read', async () => {
    await topic('gap', { value: 'a' }, { value: 'b' });
    const program = place.program('gap.ts', reading('gap'));
    const args = ['run', program, '--brokers', broker.bootstrap, '--checkpoint', place.path('state'), '--until-idle'];
    expect((await place.run(...args)).status).toBe(0);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 'gap', messages: ['c', 'd', 'e'].map((value) => ({ value })) });
    await producer.disconnect();
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicMetadata({ topics: ['gap'] });
    await admin.deleteTopicRecords({ topic: 'gap', partitions: [{ partition: 0, offset: '4' }] });
    await admin.disconnect();
    const ended = await place.run(...args);
    expect(ended.stderr).toMatch(/gap/u);
    expect(ended.stderr).toMatch(/\b2\b.*\b4\b/u);
    expect(ended.status).toBe(7);
  });

  it('stops with status 7 when the checkpoint is beyond the end of the log', async () => {
    await topic('again', { value: 'a' }, { value: 'b' }, { value: 'c' });
    const program = place.program('again.ts', reading('again'));
    const args = ['run', program, '--brokers', broker.bootstrap, '--checkpoint', place.path('state'), '--until-idle'];
    expect((await place.run(...args)).status).toBe(0);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: ['again'] });
    await admin.disconnect();
    await topic('again', { value: 'other' });
    const ended = await place.run(...args);
    expect(ended.stderr).toMatch(/again/u);
    expect(ended.status).toBe(7);
  });
});
