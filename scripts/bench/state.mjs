/**
 * Keyed state as workload W4 uses it: `node scripts/bench/state.mjs [keys] [directory]`, on the built package.
 *
 * Loads a table, then commits batches that touch 10,000 and 100,000 keys, each durable in LMDB; then a restart, a visit of all keys,
 * a past version and a rollback. Times in milliseconds of CPU, which a busy machine changes less: least, median and largest of the rounds.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../dist/internals.js';

const keys = Number(process.argv[2] ?? 1_000_000);
const directory = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const rounds = 15;
const options = { appName: 'bench' };
const operator = 'update-state-by-key';

let store = await openCheckpoint(directory, options);
let version = store.lastCommitted?.version ?? 0;
const names = Array.from({ length: keys }, (_, i) => `user-${i}`);
const increment = (count) => (count ?? 0) + 1;

const table = () => store.table(operator, 'state');

function commit() {
  version++;
  return store.commit({ version, batchTime: version * 1000, offsets: {}, meta: {}, records: 0 });
}

function timed(work) {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) / 1000, result];
}

function report(what, times, more = '') {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1].toFixed(1).padStart(9);
  const [least] = sorted;
  process.stdout.write(`${what.padEnd(34)}${median} ms  (${least.toFixed(1)} to ${sorted.at(-1).toFixed(1)})${more}\n`);
}

report(`load ${keys} keys`, [timed(() => names.forEach((name) => table().update(name, increment)))[0]]);
report('commit of them', [timed(commit)[0]]);

for (const touched of [10_000, 100_000].filter((count) => count <= keys)) {
  const updates = [];
  const commits = [];
  const maintenance = [];
  let stats;
  for (let round = 0; round < rounds; round++) {
    const batch = Array.from({ length: touched }, (_, i) => names[(i * 7919 + round * 104_729) % keys]);
    updates.push(timed(() => batch.forEach((name) => table().update(name, increment)))[0]);
    const [ms, result] = timed(commit);
    commits.push(ms);
    stats = result;
    maintenance.push(timed(() => store.maintain())[0]);
  }
  report(`update ${touched} keys`, updates);
  report('  durable commit', commits, `  (${stats.changedKeys} keys, ${stats.sizeBytes} bytes)`);
  report('  compaction step', maintenance);
}
report(
  'visit all, none changed',
  Array.from({ length: 5 }, () => timed(() => table().updateEach((_, count) => count))[0]),
);

await store.close();
const start = performance.now();
store = await openCheckpoint(directory, options);
report('restart', [performance.now() - start], `  (${table().size} keys)`);
report('read a past version', [timed(() => store.tableAt(version - 5, operator, 'state').size)[0]]);
report('roll back three versions', [timed(() => store.rollbackTo(version - 3))[0]]);
await store.close();

const memory = process.memoryUsage();
process.stdout.write(
  `data file ${megabytes(statSync(join(directory, 'data.mdb')).size)} MB, resident ${megabytes(memory.rss)} MB, heap ${megabytes(memory.heapUsed)} MB\n`,
);
if (process.argv[3] === undefined) rmSync(directory, { recursive: true });

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
