// npm run golden -- [--filter text] DIR...: runs every golden file below each folder and reports each failing case on a line.
// --state-store lmdb-rows runs them on the store with a row per key; --master 'local[2]' on two threads, those of queries inside of this one: hundreds
// of queries start in a minute.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
// The package's own entry point wires the durable store: checkpoints of the cases are real ones.
// oxlint-disable-next-line import/no-unassigned-import
import '../../dist/index.js';
import { host, InlineThreads, installHost, parseGolden, runGoldenFile } from '../../dist/internals.js';

const { values, positionals } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    'state-store': { type: 'string' },
    master: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
if (positionals.length === 0) {
  process.stderr.write('Usage: npm run golden -- [--filter text] DIR...\n');
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'millrace-golden-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let directories = 0;
const config = {
  ...(values['state-store'] === undefined ? {} : { 'millrace.state.store': values['state-store'] }),
  ...(values.master === undefined ? {} : { 'spark.master': values.master }),
};
const threads = new InlineThreads({ others: host().threads });
if (values.master !== undefined) installHost({ ...host(), threads });
const checkpoints = {
  config,
  directory: () => join(scratch, `checkpoint-${(directories += 1)}`),
  makeDirectory: (path) => {
    mkdirSync(path, { recursive: true });
  },
};
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const file of positionals.flatMap(jsonFiles)) {
  try {
    const content = parseGolden(readFileSync(file, 'utf8'));
    for await (const result of runGoldenFile(file, content, checkpoints, values.filter)) report(result);
  } catch (error) {
    report({ kind: 'failed', name: file, reason: String(error) });
  }
}
if (values.master !== undefined) process.stdout.write(`${threads.started.length} threads were started\n`);
process.stdout.write(`${counts.skipped} skipped\n${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function report({ kind, name, reason }) {
  counts[kind] += 1;
  if (kind === 'failed') process.stdout.write(`FAILED ${name}: ${reason}\n`);
  if (kind !== 'failed' && values.verbose) process.stdout.write(`${kind} ${name}${reason ? `: ${reason}` : ''}\n`);
}

function jsonFiles(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(path, name));
}
