import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { readFileSync } from 'node:fs';
import { samples } from '../../lib/cli/samples/catalogue.ts';
import { millrace } from '../e2e/millrace.ts';
import { realKafka } from './real-kafka.ts';

const exercises = samples.filter(({ name }) => name.startsWith('lesson-'));
const kafka = new Kafka({ brokers: [realKafka.bootstrap], logLevel: logLevel.NOTHING });
const topics = exercises.flatMap((exercise) => exercise.topics);

beforeAll(async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions })),
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  for (const { name, records } of topics) {
    await producer.send({ topic: name, messages: records.map(({ key = null, value }) => ({ key, value })) });
  }
  await producer.disconnect();
}, 60_000);

afterAll(async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: topics.map(({ name }) => name) });
  await admin.disconnect();
});

it.each(exercises)(
  '$name prints on Apache Kafka what it prints on the embedded broker',
  async ({ name }) => {
    const { status, stdout } = await millrace(['samples', 'run', name, '--quiet', '--brokers', realKafka.bootstrap]);
    expect(stdout).toBe(readFileSync(`samples/expected/${name}.txt`, 'utf8'));
    expect(status).toBe(0);
  },
  60_000,
);
