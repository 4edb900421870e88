import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

import { median, spread } from './statistics.mjs';

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

const millions = { scale: 1e-6, digits: 2 };
const whole = { scale: 1, digits: 0 };

/** Columns of a table: heading, what is taken of a run, how it is written. `better` says which way the ratio goes. */
const tables = {
  rates: [
    { heading: 'M records/s, whole run', of: (run) => run.records / run.wallSeconds, ...millions, better: 'more' },
    { heading: 'M records/s, steady', of: (run) => run.steadyRecsPerSec, ...millions, better: 'more' },
    { heading: 'M records per CPU second', of: (run) => run.records / run.cpuSeconds, ...millions, better: 'more' },
  ],
  state: [
    { heading: 'ms a batch', of: (run) => run.batchMs100k ?? median(run.procMs.slice(21)), ...whole, better: 'less' },
    { heading: 'ms of it the durable commit', of: (run) => run.commitMs100k, ...whole },
    { heading: 'keys in the delta', of: (run) => run.deltaKeys100k, ...whole },
    { heading: 'KB in the delta', of: (run) => run.deltaBytes100k, scale: 1e-3, digits: 0 },
    { heading: 's for all 3.2 M records', of: (run) => run.seconds, scale: 1, digits: 1, better: 'less' },
  ],
  delays: [
    { heading: 'p50 ms', of: (run) => run.p50, ...whole },
    { heading: 'p99 ms', of: (run) => run.p99, ...whole },
    { heading: 'max ms', of: (run) => run.max, ...whole },
  ],
};

/** Writes the table of one workload between its marks in docs/benchmarks.md; the rest of the page is left as it is. */
export function writeReport(name, comparison, runs) {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin);
  const until = text.indexOf(end);
  if (from < 0 || until < from) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  const table = tableOf(comparison, runs);
  const rounds = runs[0].length;
  const loads = runs.flat().map((run) => run.load);
  const command = `npm run bench -- ${name} --rounds ${rounds}`;
  const facts = `\`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${machine()}; load average before the runs ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`;
  writeFileSync(
    page,
    `${text.slice(0, from)}${begin}\n### ${comparison.title}\n\n${facts}\n\n${table}\n\n${text.slice(until)}`,
  );
}

/** Median (spread of the rounds as a share of it), and how many times as good ours is. */
function tableOf({ programs, columns }, runs) {
  const shown = tables[columns];
  const rows = programs.map((program, index) => [
    program.name,
    ...shown.map((column) => cell(column, runs[index], program.ours === undefined ? runs[0] : undefined)),
  ]);
  const head = ['', ...shown.map((column) => column.heading)];
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function cell({ of, scale, digits, better }, runs, ours) {
  const values = runs.map((run) => of(run)).filter((value) => value !== undefined);
  if (runs.length === 0) return 'no result';
  if (values.length === 0) return '';
  const middle = median(values);
  const figure = (middle * scale).toFixed(digits);
  const text = values.length === 1 ? figure : `${figure} (±${Math.round(spread(values) * 50)} %)`;
  if (ours === undefined || better === undefined) return text;
  const mine = median(ours.map((run) => of(run)));
  const ratio = better === 'more' ? mine / middle : middle / mine;
  return `${text}; ours ${ratio.toFixed(2)} times as good`;
}

function machine() {
  const [cpu] = os.cpus();
  const java = execFileSync('java', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  return `${os.cpus().length} × ${cpu.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${java}`;
}
