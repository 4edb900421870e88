import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { type Broker, startBroker } from '../../lib/broker/index.ts';
import { kafkajsScript } from './kafkajs-script.ts';
import { kcatScript } from './kcat-script.ts';
import { runJava } from './java-client.ts';
import { realKafka } from './real-kafka.ts';

/** Clients that others wrote get the same from both brokers. */
describe('the embedded broker and Apache Kafka', () => {
  let embedded: Broker;
  beforeAll(async () => {
    embedded = await startBroker({ autoCreateTopics: false });
  });
  afterAll(async () => {
    await embedded.stop();
  });

  const onBoth = async (script: (bootstrap: string, run: string) => Promise<string>): Promise<[string, string]> => {
    const run = randomUUID().slice(0, 8);
    return [await script(embedded.bootstrap, run), await script(realKafka.bootstrap, run)];
  };

  it("give Kafka's Java clients the same answers, offsets and records", async () => {
    const [ours, theirs] = await onBoth(async (...args) => await runJava('ClientScript.java', args));
    expect(ours).toBe(theirs);
    expect(theirs).toContain('read committed: [0@5 t+30 k3=a-committed3, 0@6 t+40 k4=a-committed4, 0@8 t+50 k5=plain5');
    expect(theirs.trimEnd().endsWith('done')).toBe(true);
  }, 180_000);

  it("give Kafka's console tools the same topics, records and groups", async () => {
    const tools = 'org.apache.kafka.tools';
    const shown = ['--property', 'print.key=true', '--property', 'print.offset=true'];
    const reading = ['--from-beginning', '--max-messages', '3', '--timeout-ms', '20000', ...shown];
    const [ours, theirs] = await onBoth(async (bootstrap, run) => {
      const at = ['--bootstrap-server', bootstrap];
      const topic = `${run}-console`;
      const group = `${run}-readers`;
      const said = [
        await runJava(`${tools}.TopicCommand`, [...at, '--create', '--topic', topic, '--partitions', '1']),
        await runJava(`${tools}.TopicCommand`, [...at, '--describe', '--topic', topic]),
        await runJava(
          `${tools}.ConsoleProducer`,
          [...at, '--topic', topic, '--property', 'parse.key=true', '--property', 'key.separator=:'],
          'a:first\nb:second\na:third\n',
        ),
        await runJava(`${tools}.consumer.ConsoleConsumer`, [...at, '--topic', topic, '--group', group, ...reading]),
        await runJava(`${tools}.GetOffsetShell`, [...at, '--topic', topic]),
        await runJava(`${tools}.consumer.group.ConsumerGroupCommand`, [...at, '--describe', '--group', group]),
      ];
      return said.join('---\n').replaceAll(`${run}-`, '');
    });
    expect(linesOf(ours)).toEqual(linesOf(theirs));
    expect(theirs).toContain('Offset:2\ta\tthird');
  }, 180_000);

  it('give stock kafkajs the same offsets, records, transactions and rebalances', async () => {
    const [ours, theirs] = await onBoth(kafkajsScript);
    expect(ours).toBe(theirs);
    expect(theirs).toContain('["1@2","k1 f t+1 n=1"]');
  }, 120_000);

  it('give kcat the same records, headers, times and groups', async () => {
    const [ours, theirs] = await onBoth(kcatScript);
    expect(ours).toBe(theirs);
    expect(theirs).toContain('0@2 b=third');
  }, 120_000);
});

/** Without ids that a broker makes up, the settings of its own that real Kafka lists, and the blanks of its tables. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) =>
    line
      .replaceAll(/\s+/gu, ' ')
      .replaceAll(/TopicId: \S+|Configs:.*|Elr:.*/gu, '')
      .trim(),
  );
}
