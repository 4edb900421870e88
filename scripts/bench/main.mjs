// npm run bench [-- W1 W2 ... start] [--peers] [--rounds N] [--scale 0.1] [--minutes 10] [--master local[2]]: ours beside the peers, in turn, on
//   the same topics. At scale 1 the tables of docs/benchmarks.md are written; at another one they are printed.
// npm run bench -- W1 --ours [--brokers HOST:PORT] [--prefix PREFIX] [--json]: ours alone, on topics that are loaded; prints one line.
import { parseArgs } from 'node:util';

import { comparisons } from './comparisons.mjs';
import { printReport, writeReport } from './report.mjs';
import { runInTurn } from './in-turn.mjs';
import { withTopics } from './topics.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ours: { type: 'boolean', default: false },
    // What is done without it, too: it says so.
    peers: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    brokers: { type: 'string', default: process.env.BS ?? '127.0.0.1:19092' },
    prefix: { type: 'string', default: process.env.PX ?? 'perf-' },
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: process.env.SCALE ?? '1' },
    minutes: { type: 'string' },
    master: { type: 'string' },
  },
});
const defaultMinutes = '10';

process.exitCode = values.ours ? await ours() : await besidePeers();

async function ours() {
  // Loaded here: the comparison itself does not need the built package.
  const { runOurs, names } = await import('./ours/run.mjs');
  const [name] = positionals;
  if (positionals.length !== 1 || !names.includes(name)) {
    process.stderr.write(`one of ${names.join(', ')} is needed\n`);
    return 2;
  }
  const { minutes } = values;
  const { isRight, ...result } = await runOurs(name, {
    ...values,
    scale: Number(values.scale),
    minutes: minutes === undefined ? undefined : Number(minutes),
  });
  if (!isRight) {
    process.stderr.write(`${name}: the result is wrong, so there is no figure: ${JSON.stringify(result)}\n`);
    return 1;
  }
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${lines(result)}\n`);
  return 0;
}

async function besidePeers() {
  const names = positionals.length === 0 ? Object.keys(comparisons) : positionals;
  const unknown = names.find((name) => comparisons[name] === undefined);
  if (unknown !== undefined) {
    process.stderr.write(`${unknown} is not one of ${Object.keys(comparisons).join(', ')}\n`);
    return 2;
  }
  const options = { ...values, minutes: values.minutes ?? defaultMinutes };
  const topics = [...new Set(names.flatMap((name) => comparisons[name].topics ?? ['lines', 'events', 'keys']))];
  await withTopics({ ...options, topics }, async () => {
    for (const name of names) {
      const runs = await runInTurn(comparisons[name], options);
      const command = commandOf(name, options);
      if (options.scale === '1') writeReport(name, comparisons[name], runs, command);
      else printReport(comparisons[name], runs, command);
    }
  });
  return 0;
}

/** What was given, as far as it changes the figures of this workload. */
function commandOf(name, { rounds, scale, minutes, master }) {
  const options = [
    ...(scale === '1' ? [] : ['--scale', scale]),
    ...(comparisons[name].programs.some(({ forMinutes }) => forMinutes) ? ['--minutes', minutes] : []),
    ...(master === undefined ? [] : ['--master', master]),
  ];
  return ['npm run bench --', name, '--peers --rounds', rounds, ...options].join(' ');
}

function lines(result) {
  return Object.entries(result)
    .map(([field, value]) => `${field.padEnd(18)} ${textOf(value)}`)
    .join('\n');
}

function textOf(value) {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
