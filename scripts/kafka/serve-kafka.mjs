// node scripts/kafka/serve-kafka.mjs [--dir DIR] [--port PORT]: Apache Kafka until Ctrl-C. Prints `ready HOST:PORT` once it answers.
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { startKafka } from './kafka-node.mjs';

const { values } = parseArgs({ options: { dir: { type: 'string' }, port: { type: 'string' } } });
const kafka = await startKafka({
  ...(values.dir === undefined ? {} : { dir: values.dir }),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
process.stdout.write(`ready ${kafka.bootstrap}\n`);
const alive = setInterval(() => {}, 2 ** 30);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
clearInterval(alive);
await kafka.stop();
