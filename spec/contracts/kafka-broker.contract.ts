import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { brokerScripts } from './kafka-broker/scripts/index.ts';
import { type BrokerScript, type Entry, Transcript } from './kafka-broker/transcript.ts';

/** A running broker of any make, with topics not created by themselves and one node. */
export interface BrokerUnderTest {
  readonly bootstrap: string;
  close(): Promise<void>;
}

/** What Apache Kafka answered, by title of the script; made by `npm run test:kafka` with MILLRACE_RECORD=1. */
export const recordedAnswers = new URL('kafka-broker/answers.json', import.meta.url);

/** Runs one script on a broker that may be in use: every name in it is its own. */
export async function answersOf(script: BrokerScript, bootstrap: string): Promise<readonly Entry[]> {
  const transcript = new Transcript(bootstrap, randomUUID().slice(0, 8));
  try {
    await script.run(transcript);
    // As JSON, so that what is compared is what could be recorded.
    return JSON.parse(JSON.stringify(transcript.entries)) as Entry[];
  } finally {
    await transcript.close();
  }
}

/** A broker answers every script, request by request and field by field, as Apache Kafka does. */
export function kafkaBrokerContract(title: string, open: () => Promise<BrokerUnderTest>): void {
  describe(`${title} answers as Apache Kafka`, () => {
    const recorded = existsSync(recordedAnswers)
      ? (JSON.parse(readFileSync(recordedAnswers, 'utf8')) as Readonly<Record<string, readonly Entry[]>>)
      : {};
    let broker: BrokerUnderTest;
    beforeAll(async () => {
      broker = await open();
    }, 60_000);
    afterAll(async () => {
      await broker.close();
    });

    it('to every script that has been recorded', () => {
      expect(brokerScripts.map((script) => script.title).toSorted()).toEqual(Object.keys(recorded).toSorted());
    });

    it.each(brokerScripts.map((script) => [script.title, script] as const))(
      '%s',
      async (scriptTitle, script) => {
        expect(await answersOf(script, broker.bootstrap)).toEqual(recorded[scriptTitle]);
      },
      60_000,
    );
  });
}
