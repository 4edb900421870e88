import { runTool } from './java-client.ts';

/** What a shell user does with kcat; prints with names as given, so that it reads the same on every broker. */
export async function kcatScript(bootstrap: string, run: string): Promise<string> {
  const topic = `${run}-kcat`;
  const kcat = async (args: readonly string[], input = ''): Promise<string> =>
    await runTool('kcat', ['-b', bootstrap, '-q', ...args], input);
  const read = async (...args: string[]): Promise<string> =>
    await kcat(['-C', '-t', topic, '-p', '0', '-e', '-f', '%p@%o %k=%s %h\n', ...args]);
  const said: string[] = [];
  // kcat has no command that creates a topic.
  await createTopic(bootstrap, topic);
  await kcat(['-P', '-t', topic, '-p', '0', '-K', ':', '-H', 'source=shell'], 'a:first\na:second\n');
  await kcat(['-P', '-t', topic, '-p', '0', '-K', ':', '-X', 'enable.idempotence=true'], 'b:third\n');
  await kcat(['-P', '-t', topic, '-p', '0', '-K', ':', '-X', `transactional.id=${run}-tx`], 'c:in a transaction\n');
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
    await kcat(['-P', '-t', topic, '-p', '0', '-K', ':', '-z', codec], `${codec}:${codec} ${'x'.repeat(200)}\n`);
  }
  await kcat(['-P', '-t', topic, '-p', '1', '-Z', '-K', ':'], 'null value:\n');
  said.push('all', await read('-o', 'beginning'));
  said.push('committed', await read('-o', 'beginning', '-X', 'isolation.level=read_committed'));
  said.push('from 2', await read('-o', '2', '-c', '2'));
  said.push('last 2', await read('-o', '-2'));
  said.push('offsets', await kcat(['-Q', '-t', `${topic}:0:-1`]), await kcat(['-Q', '-t', `${topic}:0:-2`]));
  said.push('time', await kcat(['-Q', '-t', `${topic}:0:1`]));
  const group = await kcat([
    '-G',
    `${run}-group`,
    '-c',
    '9',
    '-X',
    'auto.offset.reset=earliest',
    '-f',
    '%p@%o %k\n',
    topic,
  ]);
  // Which partition a group reads first is open; within one, the order counts.
  said.push('group', ...byPartition(group));
  said.push('metadata', await partitionsOf(kcat, topic));
  return said.join('\n').replaceAll(`${run}-`, '');
}

function byPartition(lines: string): readonly string[] {
  return lines.split('\n').toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

async function partitionsOf(kcat: (args: readonly string[]) => Promise<string>, topic: string): Promise<string> {
  const { topics } = JSON.parse(await kcat(['-L', '-J', '-t', topic])) as {
    topics: readonly { topic: string; partitions: readonly { partition: number; replicas: readonly unknown[] }[] }[];
  };
  return topics
    .map((each) => `${each.topic} ${each.partitions.map((p) => `${p.partition}/${p.replicas.length}`).join(' ')}`)
    .join('\n');
}

async function createTopic(bootstrap: string, topic: string): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs');
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await admin.disconnect();
}
