// How soon a day of missed batches is caught up: node scripts/bench/catch-up.mjs [--hours 24] [--program counts|state|window|inverse]
//   [--store memory-table] [--listener]
// Runs a program on LMDB, stops it, and starts it again later on a clock that is set ahead. Needs a build.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ManualClock, StreamingContext } from '../../dist/index.js';
import { SourceInput } from '../../dist/internals.js';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    program: { type: 'string', default: 'state' },
    store: { type: 'string', default: 'memory-table' },
    partitions: { type: 'string', default: '2' },
    listener: { type: 'boolean', default: false },
  },
});
const directory = mkdtempSync(join(tmpdir(), 'millrace-catch-up-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** A source with a few records in the beginning and none later. */
function source() {
  const until = Object.fromEntries(Array.from({ length: Number(values.partitions) }, (_, i) => [`numbers-${i}`, 20]));
  return {
    name: 'numbers',
    replayable: true,
    open: (from) => Promise.resolve(from ?? Object.fromEntries(Object.keys(until).map((name) => [name, 0]))),
    latestOffset: (from) => Promise.resolve({ from, until }),
    read: (range) =>
      Object.entries(range.until).map(([partition, end]) => {
        const from = range.from[partition] ?? end;
        const records = Array.from({ length: end - from }, (_, i) => [`key-${(from + i) % 10}`, 1]);
        const block = {
          count: records.length,
          forEach: (emit) => records.forEach((record) => emit(record)),
          sizeBytes: 0,
        };
        return {
          partition,
          from,
          until: end,
          blocks: async function* blocks() {
            if (end > from) yield block;
          },
        };
      }),
    commit: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const add = (a, b) => a + b;
const programs = {
  counts: (s) => s.reduceByKey(add),
  state: (s) => s.updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0)),
  window: (s) => s.window(30_000).reduceByKey(add),
  inverse: (s) => s.reduceByKeyAndWindow(add, (a, b) => a - b, 30_000, 1000),
};

async function run(clock) {
  let outputs = 0;
  let events = 0;
  let last = 0;
  const ssc = await StreamingContext.getOrCreate(directory, () => {
    const made = new StreamingContext({
      appName: 'catch-up',
      batchInterval: 1000,
      clock,
      config: { 'millrace.state.store': values.store },
    });
    made.checkpoint(directory);
    const input = made.inputStream('numbers', (step, slideMs) => new SourceInput(step, slideMs, source()));
    programs[values.program](input).foreachRDD(async (rdd, time) => {
      await rdd.collect();
      outputs += 1;
      last = time;
    });
    return made;
  });
  if (values.listener) ssc.addStreamingListener({ onBatchCompleted: () => void (events += 1) });
  const began = performance.now();
  await ssc.start();
  await clock.idle?.();
  await clock.advance(0);
  return { ssc, seconds: (performance.now() - began) / 1000, told: () => ({ outputs, events, last }) };
}

const first = new ManualClock(1_700_000_000_000);
const { ssc } = await run(first);
await first.advance(5000);
await ssc.stop();
const later = new ManualClock(1_700_000_005_000 + Number(values.hours) * 3_600_000);
const again = await run(later);
process.stdout.write(
  `${values.program} on ${values.store}: ${again.told().outputs} batches in ${again.seconds.toFixed(1)} s, ${process.resourceUsage().userCPUTime / 1e6} s of CPU; ${JSON.stringify(again.told())}\n`,
);
await again.ssc.stop();
