import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config, ManualClock, StreamingContext } from '../../../lib/index.ts';
import { type Host, host, installHost } from '../../../lib/io/host.ts';
import { FakeHost } from './fake-host.ts';

let machine: FakeHost;
let before: Host;

beforeEach(() => {
  before = host();
  machine = new FakeHost();
  installHost(machine);
});

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  installHost(before);
});

async function linesOf(
  clock: ManualClock,
  config: Config = {},
): Promise<{ readonly ssc: StreamingContext; readonly out: string[] }> {
  const out: string[] = [];
  const ssc = new StreamingContext({ appName: 'socket', batchInterval: 1000, clock, config });
  ssc.socketTextStream('host', 9999).foreachRDD(async (rdd, time) => {
    out.push(`${time}: ${(await rdd.collect()).join(' ')}`.trimEnd());
  });
  await ssc.start();
  return { ssc, out };
}

describe('socketTextStream', () => {
  it('gives the lines that came before the batch time, and those without an end later', async () => {
    const clock = new ManualClock();
    const server = machine.serve('host:9999');
    const { out } = await linesOf(clock);
    server.send('a\nb\r\nhal');
    await clock.advance(1000);
    server.send('f\n');
    await clock.advance(1000);
    expect(out).toEqual(['1000: a b', '2000: half']);
  });

  it('connects again 2 s after the server has gone, and tells it once', async () => {
    const clock = new ManualClock();
    const server = machine.serve('host:9999');
    const { out } = await linesOf(clock);
    server.send('a\nlast');
    server.hangUp();
    await clock.advance(500);
    server.isUp = false;
    await clock.advance(7000);
    expect(server.connections).toBe(1);
    server.isUp = true;
    server.send('b\n');
    await clock.advance(2000);
    expect(out.filter((batch) => batch.includes(': '))).toEqual(['1000: a last', '9000: b']);
    expect(server.connections).toBe(2);
    expect(machine.warnings).toEqual([
      expect.stringMatching(/^\[STREAM_RECEIVER_RESTARTS\] .*host:9999 has no more data/u),
      expect.stringMatching(/^\[STREAM_RECEIVER_RESTARTS\] .*connecting failed: \[HOST_CONNECTION\]/u),
    ]);
  });

  it('starts also when the server is not there yet', async () => {
    const clock = new ManualClock();
    const { out } = await linesOf(clock);
    await clock.advance(1000);
    machine.serve('host:9999').send('a\n');
    await clock.advance(2000);
    expect(out).toEqual(['1000:', '2000:', '3000: a']);
  });

  it('reads no further than the rate limit allows', async () => {
    const clock = new ManualClock();
    const server = machine.serve('host:9999');
    const { out } = await linesOf(clock, { 'spark.streaming.receiver.maxRate': 5 });
    for (const letter of 'abcdefghijkl') server.send(`${letter}\n`);
    await clock.advance(1000);
    expect([out, server.read]).toEqual([['1000: a b c d e'], 7]);
    await clock.advance(1000);
    expect(out[1]).toBe('2000: f g h i j');
  });

  it('lets go of the connection when the context stops', async () => {
    const clock = new ManualClock();
    const server = machine.serve('host:9999');
    const { ssc, out } = await linesOf(clock);
    await clock.advance(1000);
    await ssc.stop();
    server.send('a\n');
    await clock.advance(3000);
    expect([out, server.read, server.connections]).toEqual([['1000:'], 0, 1]);
  });

  it('hands bytes to a function of the program when it has its own framing', async () => {
    const clock = new ManualClock();
    const server = machine.serve('host:9999');
    const out: number[] = [];
    const ssc = new StreamingContext({ appName: 'socket', batchInterval: 1000, clock });
    const sizes = ssc.socketStream('host', 9999, async function* lengths(chunks) {
      for await (const chunk of chunks) yield [chunk.length];
    });
    sizes.foreachRDD(async (rdd) => {
      out.push(...(await rdd.collect()));
    });
    await ssc.start();
    server.send('abc');
    server.send('de');
    await clock.advance(1000);
    expect(out).toEqual([3, 2]);
  });

  it.each([
    ['', 1],
    ['host', 0],
    ['host', 65_536],
    ['host', 1.5],
  ])('refuses the address %j:%d when the stream is built', (name, port) => {
    const ssc = new StreamingContext({ appName: 'a', batchInterval: 1000 });
    expect(() => ssc.socketTextStream(name, port)).toThrow('[CONFIG_VALUE]');
  });
});
