import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { storedCounts } from './w4.mjs';

const child = fileURLToPath(new URL('w7-child.mjs', import.meta.url));

/**
 * W7: the state of W4 is built, the process is killed, and started again: from the start of the process to the first result.
 *
 * The restarted program goes on to the end of the topic. The counts in the checkpoint must then be those of a run without a kill.
 */
export async function recover({ brokers, prefix, scale, directory, at }) {
  const args = [child, brokers, prefix, String(scale), directory];
  const killed = await run(args, (event, started) => {
    if (event.ready !== undefined) started.kill('SIGKILL');
  });
  const restarted = await run(args, () => {});
  const first = restarted.find((event) => event.firstMs !== undefined);
  const { ready } = killed.find((event) => event.ready !== undefined) ?? {};
  const records = at.scaled(3_200_000);
  const out = await storedCounts(directory);
  return {
    workload: 'W7',
    peer: 'ours',
    readWhenKilled: ready,
    firstMs: first?.firstMs,
    cpuMs: first?.cpuMs,
    out,
    isRight: out === `${at.scaled(1_000_000)} keys, ${records} records` && ready < records && first?.records > 0,
  };
}

/** Runs the child until it ends; gives what it said, one object a line. */
async function run(args, told) {
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    started.once('error', reject);
    started.once('close', resolve);
  });
  const events = [];
  for await (const line of createInterface({ input: started.stdout })) {
    events.push(JSON.parse(line));
    told(events.at(-1), started);
  }
  await ended;
  return events;
}
