import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { median } from './statistics.mjs';

const run = promisify(execFile);
const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const peers = fileURLToPath(new URL('peers/run.sh', import.meta.url));
const limitMs = 600_000;
/** What `peers/run.sh` gives the batches of the peers whose rate of the steady state is shown. */
const peerRecordsPerBatch = 500_000;

/** Runs every program once per round, one after the other: A B C, A B C. Gives the results of each, in the order of the programs. */
export async function runInTurn({ title, programs }, rounds, { brokers, prefix }) {
  const results = programs.map(() => []);
  process.stderr.write(`${title}\n`);
  for (let round = 0; round < rounds; round++) {
    for (const [index, program] of programs.entries()) {
      const load = os.loadavg()[0];
      try {
        const result = await (program.ours === undefined ? runPeer : runOurs)(program, brokers, prefix);
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

async function runOurs({ ours }, brokers, prefix) {
  const args = [main, ours, '--ours', '--json', '--brokers', brokers, '--prefix', prefix];
  return await lineOf(process.execPath, args, process.env);
}

/** A peer's line, with the same fields as ours; one with a wrong count is no result. */
async function runPeer({ name, peer, right }, brokers, prefix) {
  const result = await lineOf(peers, peer, { ...process.env, BS: brokers, PX: prefix });
  if (right !== undefined && result[right[0]] !== right[1]) {
    throw new Error(`${name} gave ${result[right[0]]} and not ${right[1]}: no result`);
  }
  const { wallSeconds = result.seconds } = result;
  const steadyRecsPerSec = steadyRateOf(result);
  return { ...result, wallSeconds, ...(steadyRecsPerSec === undefined ? {} : { steadyRecsPerSec }) };
}

/** Records a second of the median batch after the first two: DStreams name their batches' times `procMs`, Structured `batchMs`. */
function steadyRateOf({ procMs, batchMs = procMs }) {
  return batchMs === undefined ? undefined : peerRecordsPerBatch / (median(batchMs.slice(2)) / 1000);
}

async function lineOf(command, args, env) {
  const { stdout } = await run(command, args, { env, timeout: limitMs, maxBuffer: 1 << 24 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`${command} ${args.join(' ')} printed no result`);
  return JSON.parse(line);
}
