import { writeFileSync } from 'node:fs';

import { brokerScripts } from '../contracts/kafka-broker/scripts/index.ts';
import type { Entry } from '../contracts/kafka-broker/transcript.ts';
import { answersOf, kafkaBrokerContract, recordedAnswers } from '../contracts/kafka-broker.contract.ts';
import { realKafka } from './real-kafka.ts';

if (process.env['MILLRACE_RECORD'] === '1') {
  const answers: Record<string, readonly Entry[]> = {};
  for (const script of brokerScripts) answers[script.title] = await answersOf(script, realKafka.bootstrap);
  writeFileSync(recordedAnswers, asText(answers));
}

kafkaBrokerContract('Apache Kafka', async () => await Promise.resolve({ ...realKafka, close: async () => {} }));

/** One line for each answer, so that a change of one reads as one. */
function asText(answers: Readonly<Record<string, readonly Entry[]>>): string {
  const scripts = Object.entries(answers).map(
    ([title, entries]) =>
      `${JSON.stringify(title)}: [\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`,
  );
  return `{\n${scripts.join(',\n')}\n}\n`;
}
