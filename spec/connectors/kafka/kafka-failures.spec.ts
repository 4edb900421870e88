import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { WireWriter } from '../../../lib/connectors/kafka/wire.ts';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import type { Source } from '../../../lib/io/source.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { openSource } from './kafka-source-contract.ts';
import { answering, offering, ScriptedBroker } from './scripted-broker.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

const quick = { topics: ['t'], startTimeoutMs: 600, connectionTimeoutMs: 200, requestTimeoutMs: 200 };

interface Failure {
  readonly error: MillraceError;
  readonly ms: number;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const start = performance.now();
  try {
    await work;
  } catch (error) {
    if (error instanceof MillraceError) return { error, ms: performance.now() - start };
    throw error;
  }
  throw new Error('it did not fail');
}

function plainLogins(): Buffer {
  const body = new WireWriter().int16(0);
  return body.list(['PLAIN'], (name) => body.text(name)).bytes;
}

function thousandBrokersWithoutBytes(): Buffer {
  return new WireWriter().int32(0).int32(1000).bytes;
}

function refusedLogin(): Buffer {
  return new WireWriter().int16(58).text('Authentication failed').blob(Buffer.alloc(0)).bytes;
}

describe('opening a source', () => {
  let broker: Broker;
  const sources: Source[] = [];
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    broker = await startBroker({ topics: 'orders:2,orders-eu:1,clicks:1' });
  });

  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
    for (const stop of stops.splice(0)) await stop();
  });

  afterAll(async () => {
    await broker.stop();
  });

  async function opening(brokers: string, options: object = {}): Promise<Failure> {
    const source = openSource(brokers, { ...quick, ...options });
    sources.push(source);
    return await failureOf(source.open(undefined));
  }

  async function scripted(behave: Parameters<typeof ScriptedBroker.start>[0]): Promise<string> {
    const server = await ScriptedBroker.start(behave);
    stops.push(async () => {
      await server.stop();
    });
    return server.address;
  }

  it('ends with status 3 where nobody listens, and names the address', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const { error, ms } = await opening(address);
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', exitCode: 3, retriable: true });
    expect(error.message).toContain(address);
    expect(error.message).toContain('ECONNREFUSED');
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 3 where a host has no address', async () => {
    const { error } = await opening('no-such-host.invalid:9092');
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', exitCode: 3 });
  });

  it('ends with status 3 where a server accepts and never answers', async () => {
    const { error, ms } = await opening(await scripted(() => undefined));
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', exitCode: 3 });
    expect(error.message).toContain('does not answer');
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 3 where a broker stops answering behind the handshake', async () => {
    const { error } = await opening(
      await scripted(
        answering({
          18: offering([
            [3, 0, 12],
            [18, 0, 3],
          ]),
        }),
      ),
      // The handshake may take its time where many others run.
      { startTimeoutMs: 1500, connectionTimeoutMs: 1500 },
    );
    expect(error).toMatchObject({ code: 'KAFKA_NO_ANSWER', exitCode: 3 });
    expect(error.message).toContain('Metadata');
  });

  it('ends in time where every single request would have more', async () => {
    const versions = offering([
      [3, 0, 12],
      [18, 0, 3],
    ]);
    const { error, ms } = await opening(await scripted(answering({ 18: versions })), { requestTimeoutMs: 60_000 });
    expect(error).toMatchObject({ code: 'KAFKA_NO_ANSWER', exitCode: 3 });
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 3 where an answer cannot be read', async () => {
    const versions = offering([
      [3, 0, 12],
      [18, 0, 3],
    ]);
    const { error } = await opening(await scripted(answering({ 18: versions, 3: thousandBrokersWithoutBytes })));
    expect(error).toMatchObject({ code: 'KAFKA_DAMAGED_ANSWER', exitCode: 3 });
    expect(error.message).toContain('Metadata');
  });

  it('tries every address that was given', async () => {
    const source = openSource(`127.0.0.1:1,${broker.bootstrap}`, { ...quick, topics: ['clicks'] });
    sources.push(source);
    expect(await source.open(undefined)).toEqual({ 'clicks-0': 0 });
  });

  it('ends with status 2 on a port that speaks HTTP', async () => {
    const server = createHttpServer((_, response) => response.end());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    stops.push(async () => await new Promise((resolve) => server.close(resolve)));
    const { error, ms } = await opening(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(error).toMatchObject({ code: 'KAFKA_HANDSHAKE_FAILED', exitCode: 2 });
    expect(error.message).toContain('HTTP');
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 2 where TLS meets a plain port', async () => {
    const { error, ms } = await opening(broker.bootstrap, { ssl: true, connectionTimeoutMs: 2000 });
    expect(error).toMatchObject({ code: 'KAFKA_HANDSHAKE_FAILED', exitCode: 2 });
    expect(error.message).toContain('TLS');
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 2 where a plain connection meets a TLS port', async () => {
    const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 70]);
    const { error } = await opening(await scripted((socket) => socket.once('data', () => socket.end(alert))));
    expect(error).toMatchObject({ code: 'KAFKA_HANDSHAKE_FAILED', exitCode: 2 });
    expect(error.message).toContain('it answers TLS');
  });

  it('ends with status 2 where the listener wants no login', async () => {
    const sasl = { mechanism: 'plain', username: 'u', password: 'p' };
    const { error } = await opening(broker.bootstrap, { sasl });
    expect(error).toMatchObject({ code: 'KAFKA_HANDSHAKE_FAILED', exitCode: 2 });
    expect(error.message).toContain('SASL plain');
  });

  it('ends with status 2 where the password is wrong', async () => {
    const address = await scripted(
      answering({
        18: offering([
          [3, 0, 12],
          [17, 0, 1],
          [18, 0, 3],
          [36, 0, 0],
        ]),
        17: plainLogins,
        36: refusedLogin,
      }),
    );
    const { error, ms } = await opening(address, { sasl: { mechanism: 'plain', username: 'u', password: 'wrong' } });
    expect(error).toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED', exitCode: 2 });
    expect(error.message).not.toContain('wrong');
    expect(ms).toBeLessThan(3000);
  });

  it('ends with status 2 where the broker is too old', async () => {
    const { error } = await opening(
      await scripted(
        answering({
          18: offering([
            [3, 0, 2],
            [18, 0, 2],
          ]),
        }),
      ),
    );
    expect(error).toMatchObject({ code: 'KAFKA_VERSION', exitCode: 2 });
  });

  it.each<[string, object, string, string]>([
    ['an unknown topic', { topics: ['order'] }, 'KAFKA_UNKNOWN_TOPIC', 'Did you mean orders, orders-eu?'],
    [
      'an unknown topic unlike any other',
      { topics: ['xyz'] },
      'KAFKA_UNKNOWN_TOPIC',
      'there are clicks, orders, orders-eu',
    ],
    [
      'a partition that does not exist',
      { topics: undefined, assignment: { orders: [0, 5] } },
      'KAFKA_UNKNOWN_PARTITION',
      'no partition 5; it has 2',
    ],
    [
      'offsets that leave a partition out',
      { topics: ['orders'], startingOffsets: { 'orders-0': 0 } },
      'KAFKA_STARTING_OFFSETS',
      'orders-1',
    ],
  ])('ends with status 2 for %s', async (_, options, code, text) => {
    const { error } = await opening(broker.bootstrap, { ...options, startTimeoutMs: 5000, requestTimeoutMs: 5000 });
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toContain(text);
  });

  it('ends with status 7 for an offset beyond the log', async () => {
    const { error } = await opening(broker.bootstrap, { topics: ['clicks'], startingOffsets: { 'clicks-0': 9 } });
    expect(error).toMatchObject({
      code: 'SOURCE_BEYOND_END',
      exitCode: 7,
      where: { topic: 'clicks', partition: 0, offset: 9 },
    });
  });

  it('waits for a topic whose leader is not there yet', async () => {
    const restore = broker.injectFault({ api: 'Metadata', error: 5, times: 2 });
    const source = openSource(broker.bootstrap, { ...quick, topics: ['clicks'], startTimeoutMs: 5000 });
    sources.push(source);
    expect(await source.open(undefined)).toEqual({ 'clicks-0': 0 });
    restore();
  });
});
