import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { Kafka, logLevel } from 'kafkajs';

import { cacheDir } from '../kafka/cache-dir.mjs';
import { startKafka } from '../kafka/kafka-node.mjs';

const loaded = { lines: 4_000_000, events: 3_000_000, keys: 3_200_000 };

/**
 * Runs `work` with a broker that holds the topics: the one that answers, or Apache Kafka on the data in the cache for as long as
 * `work` takes. Topics that are missing or short are written first, which takes a minute.
 */
export async function withTopics({ brokers, prefix }, work) {
  const home = process.env.PEERS_HOME ?? cacheDir('peers');
  if (!existsSync(path.join(home, 'cls', 'Gen.class'))) {
    throw new Error('the peers are not set up: run scripts/bench/peers/setup.sh once (with PRELOAD=0)');
  }
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
    await load(home, brokers, prefix);
    await work();
  } finally {
    await kafka?.stop();
  }
}

async function load(home, brokers, prefix) {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    for (const [name, records] of Object.entries(loaded)) {
      if ((await countOf(admin, prefix + name)) === records) continue;
      const classpath = `${home}/cls:${home}/kafka-libs/*`;
      execFileSync('java', ['-Xmx1g', '-cp', classpath, 'Gen', brokers, prefix, name], {
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
