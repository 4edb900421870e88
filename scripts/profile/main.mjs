// npm run profile -- W2 [--master local[2]] [--brokers HOST:PORT] [--prefix PREFIX] [--out FOLDER]: where one of our benchmark programs spends its time.
// Writes, for each thread, a .cpuprofile (for the browser's developer tools) and a flame graph (.svg), and prints the functions that took most.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { comparisons } from '../bench/comparisons.mjs';
import { withTopics } from '../bench/topics.mjs';
import { flameGraph } from './flame-graph.mjs';
import { readProfile } from './read-profile.mjs';

const bench = fileURLToPath(new URL('../bench/main.mjs', import.meta.url));
const shownFunctions = 15;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    brokers: { type: 'string', default: process.env.BS ?? '127.0.0.1:19092' },
    prefix: { type: 'string', default: process.env.PX ?? 'perf-' },
    out: { type: 'string', default: 'profiles' },
    master: { type: 'string', default: 'local' },
  },
});
const names = Object.values(comparisons).flatMap(({ programs }) => programs.flatMap(({ ours }) => ours ?? []));
const [name] = positionals;

if (positionals.length !== 1 || !names.includes(name)) {
  process.stderr.write(`one of ${names.join(', ')} is needed\n`);
  process.exitCode = 2;
} else {
  await withTopics(values, profile);
}

async function profile() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-profile-'));
  try {
    await run(folder);
    mkdirSync(values.out, { recursive: true });
    // The program's own thread is 0.
    const files = readdirSync(folder).toSorted((a, b) => threadOf(a) - threadOf(b));
    for (const file of files) write(path.join(folder, file), `${name}-thread-${threadOf(file)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the program with Node's own profiler; its figures are those of a profiled run and say less than the benchmark's. */
async function run(folder) {
  const { brokers, prefix, master } = values;
  const args = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval', '500', bench];
  const options = ['--ours', '--brokers', brokers, '--prefix', prefix, '--master', master];
  const child = spawn(process.execPath, [...args, name, ...options], {
    stdio: ['ignore', 2, 'inherit'],
  });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (status !== 0) throw new Error(`the program ended with ${status}`);
}

/** `CPU.<date>.<time>.<process>.<thread>.<count>.cpuprofile` */
function threadOf(file) {
  return Number(file.split('.')[4]);
}

function write(file, target) {
  const profile = readProfile(JSON.parse(readFileSync(file, 'utf8')));
  const base = path.join(values.out, target);
  renameOver(file, `${base}.cpuprofile`);
  writeFileSync(`${base}.svg`, flameGraph(profile.root, target));
  const { busyMs, idleMs } = profile;
  process.stdout.write(`\n${base}.svg: ${busyMs.toFixed(0)} ms busy, ${idleMs.toFixed(0)} ms idle\n`);
  for (const { where, selfMs } of profile.functions.slice(0, shownFunctions)) {
    process.stdout.write(
      `${((selfMs / busyMs) * 100).toFixed(1).padStart(6)} % ${selfMs.toFixed(0).padStart(7)} ms  ${where}\n`,
    );
  }
}

/** The folder for temporary files may be another disk. */
function renameOver(from, to) {
  try {
    renameSync(from, to);
  } catch {
    writeFileSync(to, readFileSync(from));
  }
}
