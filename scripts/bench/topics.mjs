import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Kafka, logLevel } from 'kafkajs';

import { cacheDir } from '../kafka/cache-dir.mjs';
import { startKafka } from '../kafka/kafka-node.mjs';
import { atScale, prefixAt } from './scale.mjs';

/** Records at scale 1. Those after the first three are only for who asks for them. */
const sizes = { lines: 4_000_000, events: 3_000_000, keys: 3_200_000, keys4: 6_200_000, keys10: 12_200_000 };
const usual = ['lines', 'events', 'keys'];
const compile = fileURLToPath(new URL('peers/compile.sh', import.meta.url));

/**
 * Runs `work` with a broker that holds the topics: the one that answers, or Apache Kafka on the data in the cache for as long as
 * `work` takes. Topics that are missing or short are written first, which takes a minute.
 */
export async function withTopics({ brokers, prefix, scale = '1', topics = usual }, work) {
  const home = process.env.PEERS_HOME ?? cacheDir('peers');
  if (!existsSync(path.join(home, 'cls', 'Gen.class'))) {
    throw new Error('the peers are not set up: run scripts/bench/peers/setup.sh once (with PRELOAD=0)');
  }
  execFileSync(compile, { stdio: ['ignore', 2, 2] });
  const [host, port] = brokers.split(':');
  const kafka = (await answers(host, Number(port)))
    ? undefined
    : await startKafka({
        dir: cacheDir('bench-kafka'),
        port: Number(port),
        config: { 'num.partitions': 2, 'auto.create.topics.enable': true },
        heap: '1g',
      });
  try {
    await load(home, brokers, prefix, atScale(Number(scale)), topics);
    await work();
  } finally {
    await kafka?.stop();
  }
}

async function load(home, brokers, prefix, { scale, scaled }, topics) {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    const named = prefixAt(prefix, scale);
    for (const name of topics) {
      if ((await countOf(admin, named + name)) === scaled(sizes[name])) continue;
      const classpath = `${home}/cls:${home}/kafka-libs/*`;
      execFileSync('java', ['-Xmx1g', '-cp', classpath, 'Gen', brokers, named, name, String(scale)], {
        stdio: ['ignore', 2, 'ignore'],
      });
    }
  } finally {
    await admin.disconnect();
  }
}

async function countOf(admin, topic) {
  if (!(await admin.listTopics()).includes(topic)) return 0;
  const partitions = await admin.fetchTopicOffsets(topic);
  return partitions.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
