import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Broker, type BrokerOptions, startBroker } from '../../lib/broker/index.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { RawClient, requestFrame } from './raw-client.ts';
import { recordBatch } from './record-batches.ts';
import { temporaryDirectories } from './storage/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const running: Broker[] = [];
const clients: RawClient[] = [];

async function start(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await startBroker(options);
  running.push(broker);
  return broker;
}

async function client({ port }: Broker): Promise<RawClient> {
  const opened = await RawClient.open(port);
  clients.push(opened);
  return opened;
}

afterEach(async () => {
  for (const opened of clients.splice(0)) opened.close();
  await Promise.all(running.splice(0).map((broker) => broker.stop()));
});

function produceTo(topic: string, batch: Buffer, acks = -1) {
  return {
    transactionalId: null,
    acks,
    timeoutMs: 1000,
    topics: [{ name: topic, partitions: [{ index: 0, records: [batch] }] }],
  };
}

function fetchFrom(topic: string, overrides: object = {}, offset = 0) {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1e6,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        name: topic,
        topicId: '',
        partitions: [
          {
            index: 0,
            currentLeaderEpoch: -1,
            fetchOffset: offset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            maxBytes: 1e6,
          },
        ],
      },
    ],
    forgottenTopics: [],
    rackId: '',
    ...overrides,
  };
}

const allTopics = {
  topics: null,
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
};

async function topicNames(broker: Broker): Promise<string[]> {
  const answer = await (await client(broker)).ask('Metadata', 5, allTopics);
  return (answer['topics'] as { name: string; partitions: unknown[] }[]).map(
    ({ name, partitions }) => `${name}:${partitions.length}`,
  );
}

async function produced(opened: RawClient, topic: string, batch = recordBatch()) {
  const answer = await opened.ask('Produce', 7, produceTo(topic, batch));
  const [first] = answer['topics'] as { partitions: { errorCode: number; baseOffset: number }[] }[];
  return first?.partitions[0];
}

const named = (name: string) => ({ ...allTopics, topics: [{ topicId: '', name }], allowAutoTopicCreation: true });

const recordsOf = (answer: unknown): number =>
  (answer as { topics: { partitions: { records: Buffer | null }[] }[] }).topics[0]?.partitions[0]?.records?.length ?? 0;

const byId = (id: string) => fetchFrom('', { topics: [{ ...fetchFrom('').topics[0], topicId: id }] });

async function answerOf(broker: Broker) {
  return await (await client(broker)).askOrClose('Produce', 7, produceTo('a', recordBatch()));
}

const errorOf = async (broker: Broker, name: string): Promise<unknown> => {
  const answer = await (await client(broker)).ask('Metadata', 5, named(name));
  return (answer['topics'] as { errorCode: number }[])[0]?.errorCode;
};

describe('a broker that starts', () => {
  it.each([
    [{ orders: 3, clicks: 1 }, ['orders:3', 'clicks:1']],
    ['orders:3, clicks', ['orders:3', 'clicks:1']],
    [
      ['orders:3', 'a:2,b:1'],
      ['orders:3', 'a:2', 'b:1'],
    ],
  ])('creates the topics %j', async (topics, names) => {
    expect(await topicNames(await start({ topics }))).toEqual(names);
  });

  it.each([
    [{ topics: 'a:0' }, 'BROKER_TOPIC_SPEC'],
    [{ topics: 'a:b' }, 'BROKER_TOPIC_SPEC'],
    [{ topics: { a: 1.5 } }, 'BROKER_TOPIC_SPEC'],
    [{ topics: 'no good:1' }, 'BROKER_TOPIC'],
    [{ topics: 'a:10001' }, 'BROKER_TOPIC'],
    [{ port: 70_000 }, 'CONFIG_VALUE'],
    [{ faults: [{ api: 'Fech' }] }, 'CONFIG_VALUE'],
    [{ host: '203.0.113.1' }, 'BROKER_LISTEN'],
    [{ dir: '/dev/null/broker' }, 'BROKER_DIR'],
  ])('refuses %j', async (options, code) => {
    await expect(startBroker(options)).rejects.toMatchObject({ code });
  });

  it.each([
    [{ prt: 1 }, 'There is no option prt of startBroker. Did you mean port?'],
    [{ limits: { logByte: 1 } }, 'There is no option logByte of limits. Did you mean logBytes?'],
    [{ zookeeper: 'x' }, 'The options are port, host, topics'],
  ])('refuses %j, which is no option, and says what was meant', async (options, text) => {
    await expect(startBroker(options as object)).rejects.toMatchObject({
      code: 'BROKER_OPTION',
      exitCode: 2,
      message: expect.stringContaining(text),
    });
  });

  it('says which port is in use', async () => {
    const { port } = await start();
    await expect(startBroker({ port })).rejects.toMatchObject({
      code: 'BROKER_PORT_IN_USE',
      exitCode: 2,
      params: { port },
    });
  });

  it('tells clients the address that it listens on, and stops twice', async () => {
    const broker = await start();
    const answer = await (await client(broker)).ask('Metadata', 1, { ...allTopics });
    expect(answer['brokers']).toMatchObject([{ host: '127.0.0.1', port: broker.port }]);
    expect(broker.bootstrap).toBe(`127.0.0.1:${broker.port}`);
    await broker.stop();
    await broker.stop();
    await expect(RawClient.open(broker.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('creates topics on request of the program that runs it', async () => {
    const broker = await start({ defaultPartitions: 4 });
    broker.createTopic('a');
    broker.createTopic('b', { partitions: 2, configs: { 'max.message.bytes': '100' } });
    expect(await topicNames(broker)).toEqual(['a:4', 'b:2']);
    expect(await produced(await client(broker), 'b', recordBatch({ values: ['x'.repeat(50)] }))).toMatchObject({
      errorCode: 10,
    });
    expect(() => {
      broker.createTopic('a');
    }).toThrow("Topic 'a' already exists");
    expect(() => {
      broker.createTopic('c', { configs: { 'no.such.key': '1' } });
    }).toThrow('Unknown topic config name: no.such.key');
  });
});

describe('metadata', () => {
  it.each([
    ['fresh', 0],
    ['not valid!', 17],
    ['..', 17],
    ['x'.repeat(250), 17],
  ])('of a topic named %s creates it where it may', async (name, error) => {
    expect(await errorOf(await start(), name)).toBe(error);
  });

  it('creates nothing where that is off', async () => {
    const broker = await start({ autoCreateTopics: false });
    expect(await errorOf(broker, 'fresh')).toBe(3);
    expect(await topicNames(broker)).toEqual([]);
  });
});

describe('a fetch', () => {
  it('waits for records that are produced on another connection', async () => {
    const broker = await start({ topics: 'a' });
    const reader = await client(broker);
    const writer = await client(broker);
    const waiting = reader.ask('Fetch', 11, fetchFrom('a', { maxWaitMs: 60_000 }));
    await writer.ask('ApiVersions', 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
    const batch = recordBatch();
    await produced(writer, 'a', batch);
    expect(recordsOf(await waiting)).toBe(batch.length);
  });

  it('ends after its time when nothing comes', async () => {
    const clock = new ManualClock();
    const reader = await client(await start({ topics: 'a', clock }));
    const waiting = reader.ask('Fetch', 11, fetchFrom('a', { maxWaitMs: 500 }));
    await settle(running[0]);
    await clock.advance(500);
    expect(recordsOf(await waiting)).toBe(0);
  });

  it('is told when its topic is deleted', async () => {
    const broker = await start({ topics: 'a' });
    const reader = await client(broker);
    const waiting = reader.ask('Fetch', 11, fetchFrom('a', { maxWaitMs: 60_000 }));
    await settle(broker);
    await (await client(broker)).ask('DeleteTopics', 3, { topics: [], topicNames: ['a'], timeoutMs: 1 });
    expect(await waiting).toMatchObject({ topics: [{ partitions: [{ errorCode: 3 }] }] });
  });

  it.each([
    [1, 0, 1],
    [-1, 0, 1],
    [0, 3, 75],
  ])('at offset %d with leader epoch %d gets error %d', async (offset, epoch, errorCode) => {
    const reader = await client(await start({ topics: 'a' }));
    const request = fetchFrom('a', {}, offset);
    const [topic] = request.topics;
    const partitions = topic?.partitions.map((partition) => ({ ...partition, currentLeaderEpoch: epoch }));
    const answer = await reader.ask('Fetch', 11, { ...request, topics: [{ ...topic, partitions }] });
    expect(answer).toMatchObject({ topics: [{ partitions: [{ errorCode, highWatermark: -1 }] }] });
  });

  it('names topics by id from version 13 on', async () => {
    const broker = await start({ topics: 'a' });
    const reader = await client(broker);
    const metadata = await reader.ask('Metadata', 12, allTopics);
    const [{ topicId } = { topicId: '' }] = metadata['topics'] as { topicId: string }[];
    expect(await reader.ask('Fetch', 13, byId(topicId))).toMatchObject({
      topics: [{ partitions: [{ errorCode: 0 }] }],
    });
    expect(await reader.ask('Fetch', 13, byId('f'.repeat(32)))).toMatchObject({
      topics: [{ partitions: [{ errorCode: 100 }] }],
    });
  });
});

/** Everything that was sent before has been taken up when a later connection has its answer. */
async function settle(broker: Broker | undefined): Promise<void> {
  if (broker !== undefined) await topicNames(broker);
}

describe('produce', () => {
  it('without acknowledgement is carried out and not answered', async () => {
    const opened = await client(await start({ topics: 'a' }));
    opened.send(requestFrame('Produce', 7, produceTo('a', recordBatch(), 0)));
    expect(await produced(opened, 'a')).toMatchObject({ errorCode: 0, baseOffset: 1 });
  });

  it.each([
    ['missing', 1, 3],
    ['a', 2, 21],
  ])('to topic %s with acks %d is refused with %d', async (topic, acks, errorCode) => {
    const opened = await client(await start({ topics: 'a' }));
    expect(await opened.ask('Produce', 7, produceTo(topic, recordBatch(), acks))).toMatchObject({
      topics: [{ partitions: [{ errorCode }] }],
    });
  });
});

describe('memory for records', () => {
  it('that is used up is told to the producer, and once to the log', async () => {
    const lines: string[] = [];
    const batch = recordBatch();
    const limits = { logBytes: 2 * batch.length };
    const opened = await client(await start({ topics: 'a', limits, log: (line) => lines.push(line) }));
    const errors: unknown[] = [];
    for (let i = 0; i < 4; i++) errors.push((await produced(opened, 'a', batch))?.errorCode);
    expect(errors).toEqual([0, 0, 56, 56]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^records of a-0 cannot be written: \[BROKER_MEMORY_FULL\]/u);
  });
});

describe('a fault', () => {
  it('answers with an error code everywhere, without carrying anything out', async () => {
    const broker = await start({ topics: 'a', faults: [{ api: 'Produce', error: 6, times: 1 }] });
    const opened = await client(broker);
    expect(await produced(opened, 'a')).toMatchObject({ errorCode: 6 });
    expect(await produced(opened, 'a')).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  it.each([
    [
      'Fetch',
      11,
      fetchFrom('a'),
      { errorCode: 5, topics: [{ name: 'a', partitions: [{ index: 0, errorCode: 5, records: Buffer.alloc(0) }] }] },
    ],
    [
      'Metadata',
      5,
      { ...allTopics, topics: [{ topicId: '', name: 'a' }] },
      { topics: [{ name: 'a', errorCode: 5, partitions: [] }] },
    ],
    ['FindCoordinator', 2, { key: 'g', keyType: 0, keys: [] }, { errorCode: 5 }],
    ['FindCoordinator', 4, { key: '', keyType: 0, keys: ['g'] }, { coordinators: [{ key: 'g', errorCode: 5 }] }],
    [
      'AddPartitionsToTxn',
      1,
      { transactionalId: 'x', producerId: 1, producerEpoch: 0, topics: [{ name: 'a', partitions: [0] }] },
      { results: [{ name: 'a', results: [{ partition: 0, errorCode: 5 }] }] },
    ],
    ['EndTxn', 1, { transactionalId: 'x', producerId: 1, producerEpoch: 0, committed: true }, { errorCode: 5 }],
    [
      'DescribeGroups',
      4,
      { groups: ['g'], includeAuthorizedOperations: false },
      { groups: [{ groupId: 'g', errorCode: 5 }] },
    ],
    ['DeleteGroups', 1, { groupIds: ['g'] }, { results: [{ groupId: 'g', errorCode: 5 }] }],
    [
      'CreatePartitions',
      1,
      { topics: [{ name: 'a', count: 2, assignments: null }], timeoutMs: 1, validateOnly: false },
      { results: [{ name: 'a', errorCode: 5 }] },
    ],
    [
      'OffsetFetch',
      5,
      { groupId: 'g', topics: [{ name: 'a', partitions: [0] }], groups: [], requireStable: false },
      { errorCode: 5, topics: [{ name: 'a', partitions: [{ index: 0, errorCode: 5 }] }] },
    ],
  ])('has a shape for %s %d', async (api, version, request, expected) => {
    const opened = await client(await start({ topics: 'a', faults: [{ api, error: 5 }] }));
    expect(await opened.ask(api, version, request)).toMatchObject(expected);
  });

  it('closes the connection before, or after with only the answer lost', async () => {
    const broker = await start({ topics: 'a' });
    for (const [drop, offset] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      const remove = broker.injectFault({ api: 'Produce', drop });
      expect(await answerOf(broker)).toBeUndefined();
      remove();
      expect(await produced(await client(broker), 'a')).toMatchObject({
        baseOffset: offset + (drop === 'after' ? 1 : 0),
      });
    }
  });

  it('delays the answer', async () => {
    const clock = new ManualClock();
    const broker = await start({ topics: 'a', clock, faults: [{ api: 'ListGroups', delayMs: 1000, times: 1 }] });
    const opened = await client(broker);
    let isAnswered = false;
    const answer = opened.ask('ListGroups', 2, { statesFilter: [] }).then((message) => {
      isAnswered = true;
      return message;
    });
    await settle(broker);
    await clock.advance(999);
    await settle(broker);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({ errorCode: 0 });
  });

  it('drops all connections', async () => {
    const broker = await start();
    const opened = await client(broker);
    await opened.ask('ListGroups', 2, { statesFilter: [] });
    broker.dropConnections();
    await opened.closed;
    expect(await (await client(broker)).ask('ListGroups', 2, { statesFilter: [] })).toMatchObject({ groups: [] });
  });
});

describe('a broker with a directory', () => {
  it('has records, topics, configurations, offsets and its id again after a restart', async () => {
    const dir = newDirectory();
    const commit = {
      groupId: 'g',
      generation: -1,
      memberId: '',
      instanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: 'a', partitions: [{ index: 0, offset: 1, leaderEpoch: -1, metadata: 'm' }] }],
    };
    const first = await start({ dir, topics: 'a:2' });
    first.createTopic('tuned', { configs: { 'max.message.bytes': '5000' } });
    const before = await client(first);
    await produced(before, 'a');
    await before.ask('OffsetCommit', 5, commit);
    const cluster = await before.ask('DescribeCluster', 0, { includeClusterAuthorizedOperations: false });
    await first.stop();

    const second = await start({ dir, topics: 'a:7,b:1' });
    expect(await topicNames(second)).toEqual(['a:2', 'tuned:1', 'b:1']);
    const after = await client(second);
    expect(await produced(after, 'a')).toMatchObject({ errorCode: 0, baseOffset: 1 });
    expect(await after.ask('DescribeCluster', 0, { includeClusterAuthorizedOperations: false })).toMatchObject({
      clusterId: cluster['clusterId'],
    });
    const offsets = await after.ask('OffsetFetch', 5, { groupId: 'g', topics: null, groups: [], requireStable: false });
    expect(offsets).toMatchObject({ topics: [{ name: 'a', partitions: [{ index: 0, offset: 1, metadata: 'm' }] }] });
    const configs = {
      resources: [{ type: 2, name: 'tuned', keys: ['max.message.bytes'] }],
      includeSynonyms: false,
      includeDocumentation: false,
    };
    expect(await after.ask('DescribeConfigs', 2, configs)).toMatchObject({
      results: [{ configs: [{ value: '5000', source: 1 }] }],
    });
  });

  it.each([
    ['of another format', 'format', '99', 'BROKER_DIR_FORMAT'],
    ['with damaged metadata', 'metadata.log', '\0\0\0\u0002abcdefghijkl', 'BROKER_DIR_DAMAGED'],
  ])('is refused %s, and given free', async (_, file, content, code) => {
    const dir = newDirectory();
    await (await start({ dir })).stop();
    writeFileSync(join(dir, file), content);
    await expect(startBroker({ dir })).rejects.toMatchObject({ code, exitCode: 4 });
    await expect(startBroker({ dir })).rejects.toMatchObject({ code });
  });

  it('is refused to a second broker, until the first stops', async () => {
    const dir = newDirectory();
    const first = await start({ dir });
    await expect(startBroker({ dir })).rejects.toMatchObject({
      code: 'BROKER_DIR_LOCKED',
      exitCode: 4,
      params: { pid: process.pid },
    });
    await first.stop();
    await start({ dir });
  });

  it('forgets a topic for good', async () => {
    const dir = newDirectory();
    const first = await start({ dir, topics: 'a' });
    const opened = await client(first);
    await produced(opened, 'a');
    await opened.ask('DeleteTopics', 3, { topics: [], topicNames: ['a'], timeoutMs: 1 });
    first.createTopic('a');
    await first.stop();
    const second = await start({ dir });
    expect(await produced(await client(second), 'a')).toMatchObject({ baseOffset: 0 });
  });
});
