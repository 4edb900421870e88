import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Broker, startBroker } from '../../broker/index.ts';
import { raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { printRecord } from '../commands/consume.ts';
import type { Terminal } from '../output/terminal.ts';
import { packageFolder } from '../package.ts';
import { openTopic, readTopic } from '../read-topic.ts';
import type { ProgramModule } from '../run/load-program.ts';
import { readRunOptions, type RunOptions } from '../run/run-options.ts';
import { type Program, runProgram } from '../run/run-program.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';
import { openProducer } from '../send-records.ts';
import { type Sample, sampleProgram } from './catalogue.ts';
import { startLineServer } from './line-server.ts';

/** What a sample runs with when nothing else is said: short batches, so that one sees it all in a few seconds. */
const defaultIntervalMs = 500;

/** `millrace samples run`: with a broker of its own that holds the sample's records, unless `--brokers` names another. */
export async function runSample(sample: Sample, { flags, rest, terminal }: CommandRequest): Promise<number> {
  const given = readRunOptions(flags, rest);
  const hasLimit = Object.keys(given.limits).length > 0;
  const options: RunOptions = {
    ...given,
    intervalMs: flags.has('interval') ? given.intervalMs : defaultIntervalMs,
    limits: hasLimit ? given.limits : { batches: sample.batches },
  };
  // What the user says after -- takes the place of what the sample brings.
  if (sample.files !== undefined && rest.length === 0) {
    return await run(sample, { ...options, args: [folderWithFiles(sample.files)] }, terminal);
  }
  if (sample.socketLines !== undefined && rest.length === 0) {
    using server = await startLineServer(sample.socketLines);
    return await run(sample, { ...options, args: ['127.0.0.1', String(server.port)] }, terminal);
  }
  if (sample.topics.length === 0 || flags.has('brokers')) return await run(sample, options, terminal);
  const broker = await brokerWithData(sample, terminal);
  try {
    return await run(sample, { ...options, brokers: [broker.bootstrap] }, terminal);
  } finally {
    await broker.stop();
  }
}

function folderWithFiles(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('files');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function run(sample: Sample, options: RunOptions, terminal: Terminal): Promise<number> {
  if (sample.isKilled === true) return await runAfterKill(sample, options, terminal);
  const status = await runProgram(programOf(sample), options, terminal);
  if (sample.output !== undefined) await printTopic(sample.output, options.brokers, terminal);
  return status;
}

/** In a process of its own, which kills itself; then here, on the same checkpoint. */
async function runAfterKill(sample: Sample, given: RunOptions, terminal: Terminal): Promise<number> {
  const checkpoint = given.checkpoint ?? temporaryFolder('checkpoint');
  const options = { ...given, checkpoint, limits: { idleBatches: 1 } };
  await runInChild(sample, options);
  terminal.result('--- killed by SIGKILL; started again on the same checkpoint ---');
  return await runProgram(programOf(sample), options, terminal);
}

function programOf(sample: Sample): Program {
  return {
    path: sample.name,
    file: sampleProgram(sample),
    load: async () => (await import(pathToFileURL(sampleProgram(sample)).href)) as ProgramModule,
  };
}

async function runInChild(sample: Sample, { brokers, checkpoint = '', intervalMs }: RunOptions): Promise<void> {
  const words = [
    '--brokers',
    brokers.join(','),
    '--checkpoint',
    checkpoint,
    '--interval',
    `${intervalMs}ms`,
    '--quiet',
  ];
  const main = join(packageFolder, 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'run', sampleProgram(sample), ...words, '--', 'die'], {
    stdio: 'inherit',
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_, by) => {
      resolve(by);
    });
  });
  if (signal !== 'SIGKILL') raise('INTERNAL_INVARIANT', { what: `the sample ${sample.name} was not killed` });
}

async function brokerWithData(sample: Sample, terminal: Terminal): Promise<Broker> {
  const topics = Object.fromEntries(sample.topics.map(({ name, partitions }) => [name, partitions]));
  const broker = await startBroker({ port: 0, topics });
  for (const { name, records } of sample.topics) {
    if (records.length === 0) continue;
    const producer = openProducer(name, [broker.bootstrap], (text) => {
      terminal.warn(text);
    });
    try {
      await producer.write({ batchTime: 0, operation: 'sample', attempt: 1 }, records);
    } finally {
      await producer.close();
    }
  }
  terminal.note(
    `A broker for this sample listens on ${broker.bootstrap}; its topics: ${Object.keys(topics).join(', ')}.`,
  );
  return broker;
}

async function printTopic(topic: string, brokers: readonly string[], terminal: Terminal): Promise<void> {
  const source = openTopic(topic, brokers, (text) => {
    terminal.warn(text);
  });
  try {
    terminal.result(`Topic ${topic}:`);
    await readTopic(source, { from: 'earliest', max: Number.POSITIVE_INFINITY, untilEnd: true }, (record) => {
      printRecord(record, terminal);
    });
  } finally {
    await source.close();
  }
}
