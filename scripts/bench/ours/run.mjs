import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { SystemClock } from 'millrace';

import { setProgramSource } from '../../../dist/internals.js';
import { cacheDir } from '../../kafka/cache-dir.mjs';
import { atScale, prefixAt } from '../scale.mjs';
import { median, percentile } from '../statistics.mjs';
import { BatchTimes } from './batch-times.mjs';
import program, { resultOf } from './program.mjs';
import { runQuery } from './run-structured.mjs';
import { streams } from './streams.mjs';
import { w5 } from './w5.mjs';
import { measure, produce, samplesIn } from './w6.mjs';
import { recover } from './w7.mjs';

const cli = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const programFile = fileURLToPath(new URL('program.mjs', import.meta.url));
/**
 * Short, so that every batch is planned while an earlier one still runs: batches run back to back, and none finds records that were
 * read ahead while the engine only waited for its timer.
 */
const backToBackMs = 50;
const startIntervalMs = 100;

/** What can be run. The names are those of the peers; others of ours are told apart by what follows the number. */
export const names = [...Object.keys(streams), 'W5', 'W7'];

/**
 * Runs one workload on topics that are loaded, through the public API with the default durability, and gives the peers' fields.
 *
 * `seconds` is the sum of the batches' processing times, commit included; `wallSeconds` goes from the start of the first batch to
 * the end of the last; `steadyRecsPerSec` is the rate of the median batch after the first two.
 */
export async function runOurs(name, { brokers, prefix, scale = 1, master, minutes }) {
  const at = atScale(scale);
  const base = cacheDir('bench-checkpoints');
  mkdirSync(base, { recursive: true });
  // Not in the folder for temporary files: that may be memory, and a commit to memory is no commit.
  const directory = mkdtempSync(path.join(base, `${name}-`));
  const run = { name, at, brokers, prefix: prefixAt(prefix, scale), scale, master, minutes, directory };
  try {
    if (name === 'W7') return await recover(run);
    if (name === 'start') return await start(run);
    if (streams[name]?.(at).isPaced) return await runPaced(run);
    return await runLoaded(run);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runLoaded(run) {
  const { name, at } = run;
  const workload = name === 'W5' ? w5(at) : streams[name](at);
  const { batches, cpu, rssMb, out } = await (name === 'W5' ? runQuery(workload, run) : runStream(workload, run));
  const read = batches.reduce((sum, batch) => sum + batch.records, 0);
  const seconds = batches.reduce((sum, batch) => sum + batch.processingMs, 0) / 1000;
  const steady = batches.slice(workload.steadyFrom ?? 2);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  return {
    workload: name,
    peer: 'ours',
    records: read,
    seconds: round(seconds, 3),
    recsPerSec: Math.round(read / seconds),
    steadyRecsPerSec: Math.round(median(steady.map((batch) => (batch.records / batch.processingMs) * 1000))),
    steadyMs: round(median(steady.map((batch) => batch.processingMs)), 1),
    wallSeconds: round((batches.at(-1).endedAt - batches[0].startedAt) / 1000, 3),
    cpuSeconds: round(cpuSeconds, 2),
    recsPerCpuSec: Math.round(read / cpuSeconds),
    rssMb,
    out,
    isRight: out === workload.expected && read === workload.records,
    procMs: batches.map((batch) => Math.round(batch.processingMs)),
    ...(workload.batchSizes === undefined ? {} : touchedFigures(workload, batches)),
  };
}

async function runStream(workload, run) {
  const ssc = contextOf(run, workload.intervalMs ?? backToBackMs);
  const times = new BatchTimes(workload.records);
  ssc.addStreamingListener(times);
  const cpuBefore = process.cpuUsage();
  await ssc.start();
  await Promise.race([times.done, ssc.awaitTermination()]);
  const cpu = process.cpuUsage(cpuBefore);
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  await ssc.stop();
  return { batches: times.batches, cpu, rssMb, out: await resultOf().out(run.directory) };
}

function contextOf({ name, brokers, prefix, scale, master, directory }, batchInterval) {
  const env = {
    brokers: brokers.split(','),
    checkpointDir: directory,
    batchInterval,
    args: [name, prefix, String(scale)],
  };
  // As `millrace run` does: threads load the program's own file, not this one.
  if (master !== undefined) setProgramSource({ entry: 'program', data: { file: programFile, env } });
  return program({
    ...env,
    clock: new SystemClock(),
    ...(master === undefined ? {} : { config: { 'spark.master': master } }),
  });
}

/** Medians of the batches of each size that touched so many keys, after those that brought the keys. */
function touchedFigures({ batchSizes, steadyFrom }, batches) {
  const [few, many] = [...new Set(batchSizes.slice(steadyFrom))].toSorted((a, b) => a - b);
  const of = (size, what) => median(batches.filter(({ records }, i) => i >= steadyFrom && records === size).map(what));
  return {
    few: { keys: few, ...figures((what) => of(few, what)) },
    many: { keys: many, ...figures((what) => of(many, what)) },
  };
}

function figures(of) {
  return {
    ms: round(
      of((batch) => batch.processingMs),
      1,
    ),
    commitMs: round(
      of((batch) => batch.commitMs),
      1,
    ),
    cpuMs: round(
      of((batch) => batch.cpuMs),
      1,
    ),
    deltaKeys: of((batch) => batch.deltaKeys),
    deltaBytes: of((batch) => batch.deltaBytes),
  };
}

async function runPaced(run) {
  const { name, at, brokers, prefix, minutes } = run;
  const { topic, intervalMs } = streams[name](at);
  const producer = await produce({ brokers, topic: prefix + topic, minutes });
  try {
    const ssc = contextOf(run, intervalMs);
    const times = new BatchTimes(Infinity);
    ssc.addStreamingListener(times);
    const cpuBefore = process.cpuUsage();
    await ssc.start();
    const delays = await Promise.race([
      measure(resultOf(), minutes),
      ssc.awaitTermination().then(() => {
        throw new Error('the context ended while it was measured');
      }),
    ]);
    const cpu = process.cpuUsage(cpuBefore);
    await ssc.stop();
    return {
      workload: name,
      peer: 'ours',
      intervalMs,
      samples: delays.length,
      ...percentiles(delays),
      p50ByMinute: minutes === undefined ? undefined : parts(delays, minutes).map((part) => percentiles(part).p50),
      meanProcMs: round(times.batches.reduce((sum, b) => sum + b.processingMs, 0) / times.batches.length, 1),
      cpuSeconds: round((cpu.user + cpu.system) / 1e6, 2),
      isRight: delays.length > 0.8 * samplesIn(minutes),
    };
  } finally {
    producer.kill();
  }
}

function percentiles(delays) {
  const sorted = delays.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) };
}

function parts(values, count) {
  const length = Math.ceil(values.length / count);
  return Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length));
}

/** `millrace run` of the word count, from the start of the process to the result of the first batch. */
async function start({ at, brokers, prefix, scale, directory }) {
  const flags = [
    '--brokers',
    brokers,
    '--interval',
    `${startIntervalMs}ms`,
    '--checkpoint',
    directory,
    '--batches',
    '2',
  ];
  const args = [cli, 'run', programFile, ...flags, '--', 'start', prefix, String(scale)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const result = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')));
  return { ...result, isRight: result.out === at.firstWords };
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
