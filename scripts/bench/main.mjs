// npm run bench [-- W1 W2 W4 W6] [--rounds N]: ours beside the peers, in turn, on the same topics; writes docs/benchmarks.md.
// npm run bench -- W1 --ours [--brokers HOST:PORT] [--prefix PREFIX] [--json]: ours alone, on topics that are loaded; prints one line.
import { parseArgs } from 'node:util';

import { comparisons } from './comparisons.mjs';
import { writeReport } from './report.mjs';
import { runInTurn } from './in-turn.mjs';
import { withTopics } from './topics.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ours: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    brokers: { type: 'string', default: process.env.BS ?? '127.0.0.1:19092' },
    prefix: { type: 'string', default: process.env.PX ?? 'perf-' },
    rounds: { type: 'string', default: '3' },
  },
});

process.exitCode = values.ours ? await ours() : await besidePeers();

async function ours() {
  // Loaded here: the comparison itself does not need the built package.
  const { runOurs, workloads } = await import('./ours/run.mjs');
  const [name] = positionals;
  if (positionals.length !== 1 || workloads[name] === undefined) {
    process.stderr.write(`one of ${Object.keys(workloads).join(', ')} is needed\n`);
    return 2;
  }
  const { isRight, ...result } = await runOurs(name, values);
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
  await withTopics(values, async () => {
    for (const name of names) {
      const runs = await runInTurn(comparisons[name], Number(values.rounds), values);
      writeReport(name, comparisons[name], runs);
    }
  });
  return 0;
}

function lines(result) {
  return Object.entries(result)
    .map(([field, value]) => `${field.padEnd(18)} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join('\n');
}
