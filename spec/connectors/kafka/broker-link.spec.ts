import { afterEach, describe, expect, it } from '@jest/globals';
import { BrokerLink, type WireRequest } from '../../../lib/connectors/kafka/broker-link.ts';
import { OptionReader } from '../../../lib/connectors/kafka/option-reader.ts';
import { localCertificate } from './local-certificate.ts';
import { answering, offering, ScriptedBroker } from './scripted-broker.ts';

const versions = offering([
  [1, 0, 11],
  [3, 0, 12],
  [18, 0, 3],
]);

const request = (apiKey: number, body: string): WireRequest => ({
  apiKey,
  apiName: 'Any',
  apiVersion: 0,
  body: Buffer.from(body),
});

/** As many bytes as the request says, each of which tells where it stands and in which answer. */
function asked(received: Buffer): Buffer {
  const behindClientId = 10 + received.readInt16BE(8);
  const [size, seed] = received.subarray(behindClientId).toString().split(' ').map(Number);
  return answerOf(size ?? 0, seed ?? 0);
}

function answerOf(size: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8) + seed) & 255));
}

describe.each([
  ['a plain connection', undefined],
  ['TLS', localCertificate],
] as const)('answers over %s', (_, tls) => {
  const stops: (() => Promise<void> | void)[] = [];

  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });

  async function open(): Promise<BrokerLink> {
    const broker = await ScriptedBroker.start(answering({ 1: asked, 3: asked, 18: versions }), tls);
    stops.push(async () => {
      await broker.stop();
    });
    const options = { brokers: broker.address, ssl: tls !== undefined && { rejectUnauthorized: false } };
    const [host, port] = broker.address.split(':');
    const connection = new OptionReader(options, ['brokers', 'ssl']).connection();
    const link = await BrokerLink.open({ host: host ?? '', port: Number(port) }, connection);
    stops.push(() => {
      link.close();
    });
    return link;
  }

  it('come whole and in memory of their own, many at once and of any size', async () => {
    const link = await open();
    const sizes = [1, 16_379, 16_380, 16_381, 40_000, 3, 700_000, 65_536, 2_500_000, 0];
    const answers = await Promise.all(
      sizes.flatMap((size, seed) =>
        [1, 3].map(async (api) => await link.send(request(api, `${size} ${seed}`), (answer) => answer)),
      ),
    );
    const expected = sizes.flatMap((size, seed) => [answerOf(size, seed), answerOf(size, seed)]);
    expect(answers.map((answer, i) => [answer.length, answer.equals(expected[i] ?? Buffer.alloc(0))])).toEqual(
      expected.map(({ length }) => [length, true]),
    );
    expect(new Set(answers.map(({ buffer }) => buffer)).size).toBe(answers.length);
  });

  it('above the limit are refused before memory is taken', async () => {
    const link = await open();
    link.maxAnswerBytes = 1000;
    await expect(link.send(request(1, '2000 0'), (answer) => answer)).rejects.toMatchObject({
      code: 'KAFKA_RECORD_TOO_LARGE',
    });
    expect(link.isAlive).toBe(false);
  });
});
