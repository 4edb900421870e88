import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Broker, type BrokerOptions, startBroker } from '../../lib/broker/index.ts';
import { offeredVersions } from '../../lib/broker/apis/offered-versions.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { RawClient, requestFrame } from './raw-client.ts';
import { recordBatch } from './record-batches.ts';

let broker: Broker;
let lines: string[];
const clients: RawClient[] = [];

async function start(options: BrokerOptions = {}): Promise<void> {
  lines = [];
  broker = await startBroker({
    topics: 'a',
    log: (line) => lines.push(line.replace(/127\.0\.0\.1:\d+/u, 'CLIENT')),
    ...options,
  });
}

async function open(): Promise<RawClient> {
  const client = await RawClient.open(broker.port);
  clients.push(client);
  return client;
}

/** Others are served whatever one client does. */
async function isServing(): Promise<boolean> {
  const answer = await (await open()).ask('ListGroups', 2, { statesFilter: [] });
  return answer['errorCode'] === 0;
}

function framed(...bytes: number[]): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), Buffer.from(bytes)]);
}

beforeEach(async () => {
  await start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await broker.stop();
});

describe('a client that does not speak Kafka', () => {
  it.each([
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), 'a request of -1 bytes'],
    ['a huge length', Buffer.from([0x7f, 0xff, 0xff, 0xff]), 'a request of 2147483647 bytes'],
    ['an empty request', Buffer.alloc(4), 'a field of 2 bytes where 0 are left'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), 'a request of 1195725856 bytes'],
    ['a TLS hello', Buffer.from('16030100a5010000a1030352', 'hex'), 'a request of 369295616 bytes'],
    ['an unknown API', framed(3, 0xe7, 0, 0, 0, 0, 0, 1, 0xff, 0xff), 'a request for API 999, which is not offered'],
    [
      'a version that is not offered',
      framed(0, 0, 0, 99, 0, 0, 0, 1, 0xff, 0xff),
      'Produce in version 99, which is not offered',
    ],
    [
      'a request that is cut short',
      framed(0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0),
      'a field of 4 bytes where 2 are left',
    ],
    [
      'more elements than bytes',
      framed(0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff),
      'an array of 2147483647 elements in 0 bytes',
    ],
  ])('and sends %s is disconnected with a line in the log', async (_, bytes, what) => {
    const client = await open();
    client.send(bytes);
    await client.closed;
    expect(lines).toEqual([`connection from CLIENT closed: ${what}`]);
    expect(await isServing()).toBe(true);
  });

  it('but comes with a newer ApiVersions learns what it may ask', async () => {
    const client = await open();
    client.send(framed(0, 18, 0, 9, 0, 0, 0, 7, 0xff, 0xff, 0));
    expect(await client.answerTo('ApiVersions', 0)).toMatchObject({ errorCode: 35, apis: offeredVersions() });
    expect(await client.ask('ApiVersions', 3, { clientSoftwareName: 'n', clientSoftwareVersion: '1' })).toMatchObject({
      errorCode: 0,
    });
  });
});

/** A generator of numbers below 2^32 (mulberry32), so that a failure can be had again from its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

describe('thousands of broken requests', () => {
  const whole = [
    requestFrame('Produce', 7, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1,
      topics: [{ name: 'a', partitions: [{ index: 0, records: [recordBatch()] }] }],
    }),
    requestFrame('Metadata', 12, {
      topics: [{ topicId: '0'.repeat(32), name: 'a' }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    }),
    requestFrame('JoinGroup', 7, {
      groupId: 'g',
      sessionTimeoutMs: 6000,
      rebalanceTimeoutMs: 1,
      memberId: '',
      instanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'p', metadata: Buffer.from('m') }],
    }),
    requestFrame('OffsetFetch', 8, {
      groupId: '',
      topics: null,
      groups: [{ groupId: 'g', topics: [{ name: 'a', partitions: [0] }] }],
      requireStable: true,
    }),
    requestFrame('CreateTopics', 7, {
      topics: [
        {
          name: 'n',
          numPartitions: 1,
          replicationFactor: 1,
          assignments: [],
          configs: [{ name: 'retention.ms', value: '1' }],
        },
      ],
      timeoutMs: 1,
      validateOnly: true,
    }),
    requestFrame('InitProducerId', 4, {
      transactionalId: 'x',
      transactionTimeoutMs: 1000,
      producerId: -1,
      producerEpoch: -1,
    }),
    requestFrame('TxnOffsetCommit', 3, {
      transactionalId: 'x',
      groupId: 'g',
      producerId: 1,
      producerEpoch: 0,
      generation: 1,
      memberId: '',
      instanceId: null,
      topics: [],
    }),
  ];

  /** A whole request with some bytes changed, cut or repeated, and a length that mostly fits. */
  function broken(next: () => number): Buffer {
    const body = Buffer.from(whole.at(next() % whole.length)?.subarray(4) ?? []);
    const changes = next() % 4;
    for (let i = 0; i < changes; i++) body[next() % body.length] = next() % 3 === 0 ? 255 : next() % 256;
    const cut = next() % 5 === 0 ? body.subarray(0, next() % body.length) : body;
    const frame = Buffer.alloc(4 + cut.length);
    frame.writeInt32BE(next() % 50 === 0 ? next() | 0 : cut.length);
    cut.copy(frame, 4);
    return frame;
  }

  it('end connections and nothing else', async () => {
    const next = random(20_260_101);
    const perConnection = 40;
    for (let sent = 0; sent < 20_000; sent += perConnection * 10) {
      const batch = await Promise.all(Array.from({ length: 10 }, open));
      for (const client of batch) {
        for (let i = 0; i < perConnection; i++) client.send(broken(next));
        // Not a request for API 18 by chance: closes the connection at the latest.
        client.send(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
        client.socket.end();
      }
      await Promise.all(batch.map((client) => client.closed));
      clients.length = 0;
    }
    expect(await isServing()).toBe(true);
    expect(lines.filter((line) => line.includes('a request failed'))).toEqual([]);
    expect(lines.filter((line) => line.includes('closed: ')).length).toBeGreaterThan(100);
  }, 60_000);
});

describe('limits', () => {
  it('of connections hold', async () => {
    await broker.stop();
    await start({ limits: { connections: 2 } });
    const [first] = [await open(), await open()];
    const third = await open();
    await third.closed;
    expect(lines).toEqual(['connection from CLIENT refused: there are 2 already']);
    first?.close();
    await first?.closed;
    expect(await isServing()).toBe(true);
  });

  it('of the size of a request hold', async () => {
    await broker.stop();
    await start({ limits: { frameBytes: 1000 } });
    const client = await open();
    client.send(Buffer.from([0, 0, 0x03, 0xe9]));
    await client.closed;
    expect(lines).toEqual(['connection from CLIENT closed: a request of 1001 bytes']);
  });

  it('of bytes that wait hold over all connections', async () => {
    await broker.stop();
    await start({ limits: { receivedBytes: 100_000 } });
    const half = Buffer.alloc(60_000);
    half.writeInt32BE(1_000_000);
    const first = await open();
    first.send(half);
    expect(await isServing()).toBe(true);
    const second = await open();
    second.send(half);
    await Promise.race([first.closed, second.closed]);
    expect(lines).toEqual(['connection from CLIENT closed: requests that wait fill the memory for them']);
    expect(await isServing()).toBe(true);
  });

  it.each([
    [
      'sends a request byte by byte',
      Buffer.from([0, 0, 0]),
      { frameTimeoutMs: 20_000 },
      'its request did not arrive in time',
    ],
    ['sends nothing', Buffer.alloc(0), { idleTimeoutMs: 20_000 }, undefined],
  ])('of time hold for a client that %s', async (_, bytes, limits, reason) => {
    await broker.stop();
    const clock = new ManualClock();
    await start({ limits, clock });
    const slow = await open();
    slow.send(bytes);
    await isServing();
    await clock.advance(19_000);
    expect(slow.socket.destroyed).toBe(false);
    await clock.advance(10_000);
    await slow.closed;
    expect(lines).toEqual(reason === undefined ? [] : [`connection from CLIENT closed: ${reason}`]);
  });

  it('of what waits to be read hold: a fetcher that does not read is not served on', async () => {
    await broker.stop();
    const clock = new ManualClock();
    await start({ clock, limits: { writeTimeoutMs: 20_000 } });
    const writer = await open();
    const batch = recordBatch({ values: ['x'.repeat(1_000_000)] });
    await writer.ask('Produce', 7, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1,
      topics: [{ name: 'a', partitions: [{ index: 0, records: [batch] }] }],
    });
    const reader = await open();
    reader.socket.pause();
    const fetch = requestFrame('Fetch', 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1e7,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          name: 'a',
          topicId: '',
          partitions: [
            {
              index: 0,
              currentLeaderEpoch: -1,
              fetchOffset: 0,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              maxBytes: 1e7,
            },
          ],
        },
      ],
      forgottenTopics: [],
      rackId: '',
    });
    for (let i = 0; i < 100; i++) reader.send(fetch);
    for (let i = 0; i < 5; i++) expect(await isServing()).toBe(true);
    await clock.advance(26_000);
    expect(lines).toEqual(['connection from CLIENT closed: it does not read its answers']);
  });

  it('of partitions hold', async () => {
    await broker.stop();
    await start({ limits: { partitions: 5 } });
    const client = await open();
    const create = (name: string, numPartitions: number) =>
      client.ask('CreateTopics', 3, {
        topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
        timeoutMs: 1,
        validateOnly: false,
      });
    expect(await create('b', 5)).toMatchObject({ topics: [{ errorCode: 44 }] });
    expect(await create('b', 4)).toMatchObject({ topics: [{ errorCode: 0 }] });
    expect(await create('c', 1)).toMatchObject({ topics: [{ errorCode: 44 }] });
  });
});
