import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Workplace } from './running-program.ts';

const program = fileURLToPath(new URL('receiver-process.mjs', import.meta.url));

interface Said {
  readonly acknowledged?: number;
  readonly batch?: number;
  readonly counts?: readonly (readonly [number: number, times: number])[];
}

/** Runs the program to its end; `isTime` says when it is killed. */
async function run(args: readonly string[], isTime: (said: readonly Said[]) => boolean): Promise<readonly Said[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Said[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) said.push(JSON.parse(line) as Said);
    if (isTime(said)) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

/** Kills a program with a receiver so many times, each time a little later, and gives what went wrong with what it received. */
export async function faultsAfter(
  kills: number,
): Promise<{ readonly acknowledged: number; readonly faults: string[] }> {
  using place = new Workplace();
  const directory = place.path('checkpoint');
  const acknowledged: (readonly [first: number, last: number])[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const first = kill * 1_000_000;
    const batches = 2 + (kill % 4);
    const extra = (kill * 7) % 20;
    const said = await run([directory, String(first)], (so) => {
      const done = so.filter(({ batch }) => batch !== undefined).length;
      return done >= batches && so.length - done > extra;
    });
    acknowledged.push([first, Math.max(first - 1, ...said.map((message) => message.acknowledged ?? 0))]);
  }
  const said = await run([directory], () => false);
  const counts = new Map(said.flatMap((message) => message.counts ?? []));
  const faults: string[] = [];
  let total = 0;
  for (const [first, last] of acknowledged) {
    for (let n = first; n <= last; n++) {
      total += 1;
      if (counts.get(n) !== 1) faults.push(`${n} was acknowledged and counted ${counts.get(n) ?? 0} times`);
    }
  }
  for (const [n, times] of counts) if (times !== 1) faults.push(`${n} was counted ${times} times`);
  return { acknowledged: total, faults: faults.slice(0, 20) };
}
