import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Broker, startBroker } from '../../lib/broker/index.ts';
import { randomScript } from '../contracts/kafka-broker/random-script.ts';
import { answersOf } from '../contracts/kafka-broker.contract.ts';
import { realKafka } from './real-kafka.ts';

const given = process.env['MILLRACE_SEED'];
const first = given === undefined ? Date.now() % 1_000_000 : Number(given);
const seeds = Array.from({ length: given === undefined ? 20 : 1 }, (_, i) => first + i);

/** What nobody thought of writing down as a script. */
describe('the embedded broker and Apache Kafka', () => {
  let embedded: Broker;
  beforeAll(async () => {
    embedded = await startBroker({ autoCreateTopics: false });
  });
  afterAll(async () => {
    await embedded.stop();
  });

  it.each(seeds)(
    'answer a random script alike, field by field (MILLRACE_SEED=%i repeats it)',
    async (seed) => {
      const script = randomScript(seed);
      expect(await answersOf(script, embedded.bootstrap)).toEqual(await answersOf(script, realKafka.bootstrap));
    },
    60_000,
  );
});
