// npm run test:kafka [-- jest's arguments]: starts Apache Kafka, runs spec/kafka against it, stops it, ends with jest's status.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { startKafka } from './kafka-node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kafka = await startKafka();
let jest;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest?.kill(signal));
try {
  const given = process.argv.slice(2);
  jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--runInBand',
      ...(given.some((arg) => !arg.startsWith('-')) ? given : [...given, 'spec/kafka']),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, MILLRACE_KAFKA: kafka.bootstrap, MILLRACE_KAFKA_LIBS: kafka.libs },
    },
  );
  const [code, signal] = await once(jest, 'exit');
  process.exitCode = code ?? (signal === null ? 1 : 130);
} finally {
  await kafka.stop();
}
