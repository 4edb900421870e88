// node scripts/bench/serve-kafka.mjs [--port PORT] [--dir DIR]: the broker of the benchmarks, until Ctrl-C. Its data stay in the cache.
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { cacheDir } from '../kafka/cache-dir.mjs';
import { startKafka } from '../kafka/kafka-node.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '19092' }, dir: { type: 'string', default: cacheDir('bench-kafka') } },
});
const kafka = await startKafka({
  dir: values.dir,
  port: Number(values.port),
  config: { 'num.partitions': 2, 'auto.create.topics.enable': true },
  heap: '1g',
});
process.stdout.write(`ready ${kafka.bootstrap}\n`);
const alive = setInterval(() => {}, 2 ** 30);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
clearInterval(alive);
await kafka.stop();
