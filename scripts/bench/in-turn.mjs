import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { atScale, prefixAt } from './scale.mjs';
import { median } from './statistics.mjs';

const run = promisify(execFile);
const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const peers = fileURLToPath(new URL('peers/run.sh', import.meta.url));
const recoveries = fileURLToPath(new URL('peers/recover.sh', import.meta.url));
const limitMs = 600_000;
/** What `peers/run.sh` gives the batches of the peers whose rate of the steady state is shown. */
const peerRecordsPerBatch = 500_000;

/** Runs every program once per round, one after the other: A B C, A B C. Gives the results of each, in the order of the programs. */
export async function runInTurn({ title, programs }, options) {
  const results = programs.map(() => []);
  process.stderr.write(`${title}\n`);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [index, program] of programs.entries()) {
      const load = os.loadavg()[0];
      try {
        const result = await (program.ours === undefined ? runPeer : runOurs)(program, options);
        results[index].push({ ...result, load });
        process.stderr.write(`  ${program.name}: ${JSON.stringify({ ...result, load })}\n`);
      } catch (error) {
        // A peer that gives up or counts wrong has no figure; the others go on.
        if (program.ours !== undefined) throw error;
        process.stderr.write(`  ${program.name}: no result (${error.message})\n`);
      }
    }
  }
  return results;
}

async function runOurs({ ours, forMinutes = false }, { brokers, prefix, scale, master, minutes }) {
  const args = [main, ours, '--ours', '--json', '--brokers', brokers, '--prefix', prefix, '--scale', scale];
  if (master !== undefined) args.push('--master', master);
  if (forMinutes) args.push('--minutes', minutes);
  return await lineOf(process.execPath, args, process.env, limitMs + 60_000 * Number(minutes));
}

/** A peer's line, with the same fields as ours; one with a wrong count is no result. */
async function runPeer({ name, peer, recovery, right }, { brokers, prefix, scale }) {
  const at = atScale(Number(scale));
  const env = { ...process.env, BS: brokers, PX: prefixAt(prefix, at.scale), SCALE: scale, EXPECT: expectOf(peer, at) };
  const [command, args] = peer === undefined ? [recoveries, [recovery]] : [peers, peer];
  const result = await lineOf(command, args, env, limitMs);
  const [found, expected] = right?.(result, at) ?? [];
  if (found !== expected) throw new Error(`${name} gave ${found} and not ${expected}: no result`);
  if (result.failed !== undefined) throw new Error(`${name} failed: ${result.failed}`);
  return { ...result, ...commonFields(result, at) };
}

/** Kafka Streams ends when it has counted so many. */
function expectOf(peer, at) {
  return peer?.[1] === 'kstreams' && peer[0] === 'W5' ? String(at.views) : '';
}

/** The names that ours has for what the peers call otherwise. */
function commonFields({ wallSeconds, seconds, procMs, batchMs = procMs, msFromJvmStartToFirstBatch }, at) {
  return {
    wallSeconds: wallSeconds ?? seconds,
    // Records a second of the median batch after the first two: DStreams name their batches' times `procMs`, Structured `batchMs`.
    ...(batchMs === undefined
      ? {}
      : { steadyRecsPerSec: at.scaled(peerRecordsPerBatch) / (median(batchMs.slice(2)) / 1000) }),
    ...(msFromJvmStartToFirstBatch === undefined ? {} : { firstMs: msFromJvmStartToFirstBatch }),
  };
}

async function lineOf(command, args, env, timeout) {
  const { stdout } = await run(command, args, { env, timeout, maxBuffer: 1 << 24 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`${command} ${args.join(' ')} printed no result`);
  return JSON.parse(line);
}
