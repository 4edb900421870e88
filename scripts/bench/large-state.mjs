// What a large state costs, without Kafka: node [--max-old-space-size=128] scripts/bench/large-state.mjs [--store lmdb-rows]
//   [--keys 5000000] [--bytes 50] [--touched 1000,10000,100000] [--sweep]
// Loads the keys in batches, then commits batches that touch some of them, at random; with --sweep also one that touches all.
// Needs a build. Prints what it measures, one line each; memory is that of the process, file pages apart.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../../dist/internals.js';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'memory-table' },
    keys: { type: 'string', default: '5000000' },
    bytes: { type: 'string', default: '50' },
    touched: { type: 'string', default: '1000,10000,100000' },
    batch: { type: 'string', default: '100000' },
    sweep: { type: 'boolean', default: false },
  },
});
const keys = Number(values.keys);
const perBatch = Number(values.batch);
const value = 'v'.repeat(Number(values.bytes) - 10);
const directory = mkdtempSync(join(tmpdir(), 'millrace-large-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

function say(line) {
  process.stdout.write(`${line}\n`);
}

function memory() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`, 'u').exec(status)?.[1] ?? 0) / 1024);
  return `${of('RssAnon')} MB of its own, ${of('RssFile')} MB of files, ${of('VmHWM')} MB at most`;
}

function median(times) {
  return times.toSorted((a, b) => a - b)[times.length >> 1].toFixed(0);
}

let random = 12345;
function nextKey() {
  random = (Math.imul(random, 1103515245) + 12345) >>> 0;
  return random % keys;
}

const open = () => openCheckpoint(directory, { appName: 'large', stateStore: values.store });
let store = await open();
const batch = (touch) => {
  const version = (store.lastCommitted?.version ?? 0) + 1;
  const began = performance.now();
  touch(store.table('op', 'state'));
  const { commitMs } = store.commit({ version, batchTime: version * 1000, offsets: {}, meta: {}, records: 0 });
  const ms = performance.now() - began;
  const maintaining = performance.now();
  store.maintain();
  return { ms, commitMs, maintainMs: performance.now() - maintaining };
};

const began = performance.now();
const loading = [];
for (let from = 0; from < keys; from += perBatch) {
  loading.push(
    batch((table) => {
      for (let key = from; key < Math.min(keys, from + perBatch); key++) table.put(`user-${key}`, `${value}${key}`);
    }),
  );
}
const worst = (of) => Math.max(...of).toFixed(0);
say(`${values.store}: ${keys} keys of ${values.bytes} bytes`);
say(
  `loaded in ${((performance.now() - began) / 1000).toFixed(1)} s; commit ${median(loading.map((b) => b.commitMs))} ms, at most ${worst(loading.map((b) => b.commitMs))}; housekeeping at most ${worst(loading.map((b) => b.maintainMs))} ms`,
);
say(`memory: ${memory()}`);
for (const touched of values.touched.split(',').map(Number)) {
  const runs = Array.from({ length: 7 }, () =>
    batch((table) => {
      for (let i = 0; i < touched; i++)
        table.update(`user-${nextKey()}`, (before) => `${before}`.slice(0, -1) + (i % 10));
    }),
  );
  say(
    `${touched} touched: batch ${median(runs.map((b) => b.ms))} ms, commit ${median(runs.map((b) => b.commitMs))} ms, at most ${worst(runs.map((b) => b.commitMs))}; housekeeping at most ${worst(runs.map((b) => b.maintainMs))} ms`,
  );
}
say(`memory: ${memory()}`);
if (values.sweep) {
  const { ms, commitMs } = batch((table) => table.updateEach((_, before) => `${before}`.slice(0, -1) + 'x'));
  say(`all touched: batch ${(ms / 1000).toFixed(1)} s, commit ${commitMs.toFixed(0)} ms; memory: ${memory()}`);
}
for (let i = 0; i < 2000; i++) {
  const from = performance.now();
  store.maintain();
  if (performance.now() - from > 500) say(`housekeeping of ${(performance.now() - from).toFixed(0)} ms`);
}
await store.close();
say(`file ${(statSync(join(directory, 'data.mdb')).size / 2 ** 20).toFixed(0)} MB`);
const opening = performance.now();
store = await open();
say(
  `opened again in ${((performance.now() - opening) / 1000).toFixed(1)} s, ${store.table('op', 'state').size} keys; memory: ${memory()}`,
);
await store.close();
