import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

import { median, spread } from './statistics.mjs';

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

const millions = { scale: 1e-6, digits: 2 };
const whole = { scale: 1, digits: 0 };

/**
 * Columns of a table: heading, what is taken of a run, how it is written. `better` says which way the ratio goes; `toFirst` shows how
 * many times the value of the first row it is.
 */
const tables = {
  rates: [
    { heading: 'M records/s, whole run', of: (run) => run.records / run.wallSeconds, ...millions, better: 'more' },
    { heading: 'M records/s, steady', of: (run) => run.steadyRecsPerSec, ...millions, better: 'more' },
    { heading: 'M records per CPU second', of: (run) => run.records / run.cpuSeconds, ...millions, better: 'more' },
  ],
  slides: [
    {
      heading: 'ms a slide, window full',
      of: (run) => run.steadyMs ?? median(run.procMs.slice(10)),
      ...whole,
      better: 'less',
    },
    { heading: 'M records per CPU second', of: (run) => run.records / run.cpuSeconds, ...millions, better: 'more' },
  ],
  state: [
    {
      heading: 'ms, 10,000 touched',
      of: (run) => run.few?.ms ?? median(run.procMs.slice(1, 21)),
      ...whole,
      better: 'less',
    },
    {
      heading: 'ms, 100,000 touched',
      of: (run) => run.many?.ms ?? median(run.procMs.slice(21)),
      ...whole,
      better: 'less',
    },
    { heading: 'ms of it the durable commit', of: (run) => run.many?.commitMs, ...whole },
    { heading: 'CPU ms, 10,000', of: (run) => run.few?.cpuMs, ...whole },
    { heading: 'CPU ms, 100,000', of: (run) => run.many?.cpuMs, ...whole },
    { heading: 'CPU s, whole run', of: (run) => run.cpuSeconds, scale: 1, digits: 1, better: 'less' },
    { heading: 'MB resident', of: (run) => run.rssMb, ...whole, better: 'less' },
  ],
  growth: [
    { heading: 'ms, 10,000 touched', of: (run) => run.few.ms, ...whole, toFirst: true },
    { heading: 'ms, 100,000 touched', of: (run) => run.many.ms, ...whole, toFirst: true },
    { heading: 'CPU ms, 100,000', of: (run) => run.many.cpuMs, ...whole, toFirst: true },
    { heading: 'MB resident', of: (run) => run.rssMb, ...whole },
  ],
  delays: [
    { heading: 'p50 ms', of: (run) => run.p50, ...whole },
    { heading: 'p99 ms', of: (run) => run.p99, ...whole },
    { heading: 'max ms', of: (run) => run.max, ...whole },
  ],
  longDelays: [
    { heading: 'p50 ms', of: (run) => run.p50, ...whole },
    { heading: 'p99 ms', of: (run) => run.p99, ...whole },
    { heading: 'max ms', of: (run) => run.max, ...whole },
    { heading: 'p50 of the first minute', of: (run) => run.p50ByMinute?.[0], ...whole },
    { heading: 'p50 of the last minute', of: (run) => run.p50ByMinute?.at(-1), ...whole },
  ],
  recovery: [{ heading: 's to the first result', of: (run) => run.firstMs, scale: 1e-3, digits: 2, better: 'less' }],
};

/** Writes the table of one workload between its marks in docs/benchmarks.md; the rest of the page is left as it is. */
export function writeReport(name, comparison, runs, command) {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin);
  const until = text.indexOf(end);
  if (from < 0 || until < from) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  writeFileSync(
    page,
    `${text.slice(0, from)}${begin}\n${sectionOf(comparison, runs, command)}\n\n${text.slice(until)}`,
  );
}

/** The same on standard output, for runs that say nothing about speed. */
export function printReport(comparison, runs, command) {
  process.stdout.write(`${sectionOf(comparison, runs, command)}\n\n`);
}

function sectionOf(comparison, runs, command) {
  const loads = runs.flat().map((run) => run.load);
  const facts = `\`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${machine()}; load average before the runs ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`;
  return `### ${comparison.title}\n\n${facts}\n\n${tableOf(comparison, runs)}`;
}

/** Median (spread of the rounds as a share of it), and how many times as good ours is. A program that this build lacks has no row. */
function tableOf({ programs, columns }, runs) {
  const shown = tables[columns];
  const rows = programs.flatMap((program, index) => {
    if (program.ours !== undefined && runs[index].length === 0) return [];
    // A peer is compared with the first of ours, or the one that does the same.
    const besides = program.ours === undefined ? runs[program.besides ?? 0] : undefined;
    return [[program.name, ...shown.map((column) => cell(column, runs[index], { besides, first: runs[0] }))]];
  });
  const head = ['', ...shown.map((column) => column.heading)];
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function cell({ of, scale, digits, better, toFirst }, runs, { besides, first }) {
  const values = valuesOf(of, runs);
  if (runs.length === 0) return 'no result';
  if (values.length === 0) return '';
  const middle = median(values);
  const figure = (middle * scale).toFixed(digits);
  const text = values.length === 1 ? figure : `${figure} (±${Math.round(spread(values) * 50)} %)`;
  if (toFirst && runs !== first) return `${text}; ${(middle / median(valuesOf(of, first))).toFixed(2)} times`;
  if (besides === undefined || better === undefined) return text;
  const mine = median(valuesOf(of, besides));
  const ratio = better === 'more' ? mine / middle : middle / mine;
  return `${text}; ours ${ratio.toFixed(2)} times as good`;
}

function valuesOf(of, runs) {
  return runs.map((run) => of(run)).filter((value) => value !== undefined);
}

function machine() {
  const [cpu] = os.cpus();
  const java = execFileSync('java', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  return `${os.cpus().length} × ${cpu.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${java}`;
}
