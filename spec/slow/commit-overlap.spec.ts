import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from 'millrace/broker';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, millrace } from '../e2e/millrace.ts';

// Processes take long to start where many others run.
jest.setTimeout(240_000);

const perBatch = 10;
const batches = 6;
/** The flush of the third batch's commit takes until a thread has computed the fourth. */
const slow = 2;

/** Writes down what is done, in order: which batch is computed, given out, and committed. `HOW`: what befalls the slow flush. */
const program = `
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { StreamingContext } from '${pathToFileURL(resolve('dist/index.js')).href}';
import { openCheckpoint } from '${pathToFileURL(resolve('dist/internals.js')).href}';

const { BROKER, FILE, FOLDER, HOW } = process.env;
const note = (text) => appendFileSync(FILE, text + '\\n');

/** The store as it is, with a disk that is slow once. */
async function openSlow(...args) {
  const store = await openCheckpoint(...args);
  const commit = store.commit.bind(store);
  store.commit = (record, following) => {
    const [reached] = Object.values(Object.values(record.offsets)[0]);
    const batch = reached / ${perBatch} - 1;
    if (batch === ${slow} && HOW !== 'plain') {
      note('flush ' + batch);
      const end = Date.now() + 30_000;
      while (!readFileSync(FILE, 'utf8').includes('computed ${slow + 1}')) {
        if (Date.now() > end) throw new Error('nobody computes the next batch');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
      if (HOW === 'killed') process.kill(process.pid, 'SIGKILL');
      if (HOW === 'full') throw new Error('no space is left');
    }
    const stats = commit(record, following);
    note('committed ' + batch);
    return stats;
  };
  return store;
}

/** Batches that are due while an earlier one runs are computed ahead. */
let submitted = 0;
let twoMoreAreDue;
const bothDue = new Promise((resolve) => { twoMoreAreDue = resolve; });

const ssc = await StreamingContext.getOrCreate(FOLDER, () => {
  const ssc = new StreamingContext({ appName: 'overlap', batchInterval: 50, master: 'local[2]', openCheckpoint: openSlow });
  ssc.checkpoint(FOLDER);
  ssc
    .kafkaStream({ brokers: [BROKER], topics: ['numbers'], startingOffsets: 'earliest', maxRatePerPartition: ${perBatch * 20} })
    .map(({ offset, value }) => {
      const batch = Math.floor(offset / ${perBatch});
      if (offset % ${perBatch} === ${perBatch - 1}) note((isMainThread ? 'computed here ' : 'computed ') + batch);
      return [batch, Number(value)];
    })
    .reduceByKey((a, b) => a + b)
    .updateStateByKey((added, sum) => added.reduce((a, b) => a + b, sum ?? 0))
    .foreachRDD(async (rdd) => {
      const sums = (await rdd.collect()).toSorted(([a], [b]) => a - b);
      const [batch] = sums.at(-1);
      note('given ' + batch + ': ' + sums.map(([, sum]) => sum).join(' '));
      if (batch === ${slow - 1} && HOW !== 'plain') await bothDue;
      if (batch === ${batches - 1}) queueMicrotask(() => void ssc.stop());
    });
  return ssc;
});
ssc.addStreamingListener({
  onBatchSubmitted: ({ batchInfo: { numRecords } }) => {
    if (numRecords > 0) submitted += 1;
    if (submitted === ${slow + 2}) twoMoreAreDue();
  },
});
await ssc.start();
await ssc.awaitTermination();
`;

let folder = '';
let broker: Broker | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-overlap-'));
  writeFileSync(join(folder, 'program.mjs'), program);
  broker = await startBroker({ topics: 'numbers:1' });
  const numbers = Array.from({ length: perBatch * batches }, (_, i) => String(i));
  await millrace(['produce', 'numbers', '--brokers', broker.bootstrap, '--quiet'], {
    stdin: `${numbers.join('\n')}\n`,
  });
});
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(name: string, how: string): Promise<Ended & { readonly notes: readonly string[] }> {
  const file = join(folder, `${name}.${how}`);
  writeFileSync(file, '');
  const environment = {
    BROKER: broker?.bootstrap ?? '',
    FILE: file,
    FOLDER: join(folder, `${name}.checkpoint`),
    HOW: how,
  };
  const ended = await millrace([join(folder, 'program.mjs')], { script: [], environment });
  return { ...ended, notes: readFileSync(file, 'utf8').trim().split('\n') };
}

/** The sums of each batch's ten numbers, once all batches up to this one are counted. */
function given(batch: number): string {
  const sums = Array.from({ length: batch + 1 }, (_, i) => perBatch * perBatch * i + (perBatch * (perBatch - 1)) / 2);
  return `given ${batch}: ${sums.join(' ')}`;
}

function before(notes: readonly string[], first: string, second: string): boolean {
  const [a, b] = [notes.indexOf(first), notes.indexOf(second)];
  return a !== -1 && b !== -1 && a < b;
}

describe('while a commit is flushed', () => {
  it('threads compute the next batch, and nothing of it is given out', async () => {
    const { status, notes } = await run('slow', 'slow');
    expect(status).toBe(0);
    // The flush ends only when the next batch has been computed: it did.
    expect(before(notes, `computed ${slow + 1}`, `committed ${slow}`)).toBe(true);
    const inOrder = Array.from({ length: batches }, (_, i) => [given(i), `committed ${i}`]).flat();
    expect(notes.filter((note) => /^(?:given|committed)/u.test(note))).toEqual(inOrder);
  });

  it.each(['killed', 'full'])(
    'a process that is %s has given out nothing of the next batch, and repeats one',
    async (how) => {
      const ended = await run(how, how);
      expect(ended.status).not.toBe(0);
      expect(ended.notes).toContain(`computed ${slow + 1}`);
      expect(ended.notes.filter((note) => note.startsWith('given'))).toEqual([0, 1, 2].map(given));
      const again = await run(how, 'plain');
      expect(again.status).toBe(0);
      expect(again.notes.filter((note) => note.startsWith('given'))).toEqual([2, 3, 4, 5].map(given));
    },
  );
});
