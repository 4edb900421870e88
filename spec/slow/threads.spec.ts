import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, millrace } from '../e2e/millrace.ts';
import { ProgramOnThreads, type Ran } from '../helpers/program-on-threads.ts';

// Processes take long to start where many others run.
jest.setTimeout(240_000);

/** Writes down what each output operation gets, batch by batch; `args`: the file, and what to do in a thread. */
const program = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { StateSpec, StreamingContext } from 'millrace';

export default ({ brokers, batchInterval, checkpointDir, args: [file, how] }) => {
  const ssc = new StreamingContext({ appName: 'threads', batchInterval });
  ssc.checkpoint(checkpointDir);
  const lines = ssc.kafkaStream({ brokers, topics: ['lines'], startingOffsets: 'earliest', maxRatePerPartition: 100 });
  const write = (label, stream) => {
    stream.foreachRDD(async (rdd) => {
      appendFileSync(file, JSON.stringify([label, await rdd.glom().collect()]) + '\\n');
    });
  };
  const add = (a, b) => a + b;
  const words = lines.flatMap(({ value }) => {
    if (how === 'dies once' && !isMainThread && value.includes('seven')) {
      try {
        writeFileSync(file + '.died', '', { flag: 'wx' });
        process.exit(3);
      } catch {}
    }
    if (how === 'dies always' && !isMainThread && value.includes('seven')) process.exit(3);
    if (how === 'hangs' && !isMainThread && value.includes('seven')) for (;;);
    if (how === 'throws' && value.includes('seven')) throw new TypeError('no sevens');
    return value.split(' ');
  });
  const pairs = words.map((word) => [word, 1]);
  const long = lines.filter(({ value }) => value.length > 40);
  write('words', pairs.reduceByKey(add));
  write('elements', long.map(({ partition, offset, value }) => ({ partition, offset, length: value.length })));
  write('count', words.count());
  write('filtered', long.count());
  write('longest', words.reduce((a, b) => (b.length > a.length ? b : a)));
  write('fractions', words.map((word) => [word, word.length / 10]).reduceByKey(add));
  write('sum of fractions', words.map((word) => word.length / 10).reduce(add));
  write('grouped', words.map((word) => [word.length, word]).groupByKey(3));
  write('combined', pairs.combineByKey((one) => [one], (list, one) => [...list, one], (a, b) => [...a, ...b]));
  write('values', words.map((word) => word.slice(0, 2)).countByValue());
  write('partitions', words.mapPartitions((all) => [[...all].length]));
  write('window', pairs.reduceByKeyAndWindow(add, batchInterval * 3, batchInterval));
  write('inverse', pairs.reduceByKeyAndWindow(add, (a, b) => a - b, batchInterval * 3, batchInterval));
  write('counted window', words.countByWindow(batchInterval * 2, batchInterval));
  write('state', pairs.updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0)));
  write('mapped state', pairs.mapWithState(StateSpec.function((word, one, state) => {
    state.update((state.exists() ? state.get() : 0) + one);
    return [word, state.get()];
  })));
  write('joined', pairs.reduceByKey(add).join(words.map((word) => [word, word.length]).reduceByKey(Math.max)));
  write('together', words.union(long.map(({ value }) => value)));
  write('transformed', words.transform((rdd) => rdd.map((word) => word.length).distinct().sortBy((n) => n)));
  write('moved', words.repartition(2));
  write('kept', words.map((word) => word.toUpperCase()).cache());
  write('dated', lines.map(({ offset }) => [new Date(offset), undefined, 10n ** 20n]).map(String));
  write('classes', lines.map(({ key }) => new (class Key { constructor() { this.key = key; } })()));
  lines.map(({ value }) => value).print(3);
  return ssc;
};
`;

let place: ProgramOnThreads | undefined;

beforeAll(async () => {
  place = await ProgramOnThreads.open(program);
});
afterAll(async () => {
  await place?.close();
});

async function run(name: string, master: string, how = 'lives', options: readonly string[] = []): Promise<Ran> {
  return await (place as ProgramOnThreads).run(name, master, { how, batches, options });
}

/** So many output operations write in each batch; all records are read long before the last batch. */
const perBatch = 23;
const batches = 14;

describe('a program on several threads', () => {
  /** What the program gives on one thread: all other runs are compared with it. */
  let one: Ran;
  beforeAll(async () => {
    one = await run('one', 'local');
  });

  it('gives what it gives on one, in the same order', async () => {
    const [two, three] = await Promise.all([run('two', 'local[2]'), run('three', 'local[3]')]);
    expect([one.status, two.status, three.status]).toEqual([0, 0, 0]);
    expect(one.written).toHaveLength(perBatch * batches);
    expect(two.written).toEqual(one.written);
    expect(three.written).toEqual(one.written);
    expect(one.stderr).not.toContain('STREAM_');
    // Instances of classes do not cross threads: that step runs on the first one, which is said once.
    for (const { stderr } of [two, three]) {
      expect(stderr.match(/\[STREAM_\w+\]/gu)).toEqual(['[STREAM_THREAD_VALUES]']);
      expect(stderr).toContain('an instance of Key');
    }
  });

  it('asks the successor of a thread that died the same again: nothing is lost, nothing doubled', async () => {
    const died = await run('died', 'local[2]', 'dies once');
    expect(died).toMatchObject({ status: 0, written: one.written });
    expect(died.stderr).toContain('[STREAM_THREAD_REPLACED]');
    expect(existsSync(place?.path('died.out.died') ?? '')).toBe(true);
  });

  it('stops with a code where a thread and its successor die, and goes on there with another number of threads', async () => {
    const dead = await run('dead', 'local[2]', 'dies always');
    expect(dead).toMatchObject({ status: 1 });
    expect(dead.stderr).toContain('[STREAM_THREAD_ENDED]');
    const resumed = await run('dead', 'local[3]');
    expect(resumed.status).toBe(0);
    // What output operations had got of the batch that died they get again; what came before they do not.
    const done = Math.floor(dead.written.length / perBatch) * perBatch;
    expect(resumed.written.slice(0, dead.written.length)).toEqual(one.written.slice(0, dead.written.length));
    expect(resumed.written.slice(dead.written.length).slice(0, perBatch * batches - done)).toEqual(
      one.written.slice(done),
    );
  });

  it('ends threads that a function keeps from going on, and stops with a code', async () => {
    const hung = await run('hung', 'local[2]', 'hangs', ['--batch-timeout', '6s']);
    expect(hung.status).toBe(1);
    expect(hung.stderr).toContain('[STREAM_THREAD_REPLACED]');
    expect(hung.stderr).toMatch(/\[STREAM_THREAD_ENDED\] .* kept it from going on for 6000 ms/u);
  });

  it('tells an error of a function as it is told on one thread', async () => {
    const [thrown, apart] = await Promise.all([run('thrown', 'local', 'throws'), run('apart', 'local[2]', 'throws')]);
    expect([thrown.status, apart.status]).toEqual([1, 1]);
    expect(errorOf(apart)).toBe(errorOf(thrown));
    expect(errorOf(thrown)).toContain('no sevens');
  });
});

const kafka = (own: string): string => `
    const ssc = new StreamingContext({ appName: 'kafka', batchInterval: 50, master: 'local[2]' });
    const lines = ssc.kafkaStream({ brokers: [process.env.BROKER], topics: ['lines'], startingOffsets: 'earliest' });
    ${own}
    lines.count().foreachRDD(async (rdd) => {
      const [n] = await rdd.collect();
      if (n > 0) { console.log(n); queueMicrotask(() => void ssc.stop()); }
    });
    await ssc.start();
    await ssc.awaitTermination();`;

async function node(words: readonly string[]): Promise<Ended> {
  return await millrace(words, { script: [], environment: { BROKER: place?.bootstrap ?? '' } });
}

describe('a program that cannot be spread over threads', () => {
  const queued = `
    const ssc = new StreamingContext({ appName: 'queued', batchInterval: 50, master: 'local[2]' });
    ssc.queueStream([[1, 2, 3]]).count().foreachRDD(async (rdd) => {
      const [n] = await rdd.collect();
      if (n > 0) { console.log(n); queueMicrotask(() => void ssc.stop()); }
    });
    await ssc.start();
    await ssc.awaitTermination();`;
  const index = pathToFileURL(resolve('dist/index.js')).href;
  const head = `import { StreamingContext } from ${JSON.stringify(index)}; import { isMainThread } from 'node:worker_threads';`;

  it.each([
    ['has no partitions', 'queue', queued, '3', 'none of its inputs has partitions'],
    ['makes accumulators', 'adds', kafka('ssc.sparkContext.longAccumulator();'), '180', 'accumulators'],
    [
      'is another one when it is loaded again',
      'differs',
      kafka('if (isMainThread) lines.print();'),
      '180',
      'builds another program',
    ],
    [
      'does not start in a thread',
      'ends',
      `if (isMainThread) {${kafka('')}}`,
      '180',
      'ends without starting a context',
    ],
    ['fails in a thread', 'fails', `if (!isMainThread) throw new Error('no thread');${kafka('')}`, '180', 'no thread'],
  ])('because it %s says so, and runs on one', async (_, name, text, printed, reason) => {
    const file = (place as ProgramOnThreads).path(`${name}.mjs`);
    writeFileSync(file, `${head}${text}`);
    const ended = await node([file]);
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining(`${printed}\n`) as unknown });
    expect(ended.stderr).toContain('[STREAM_ONE_THREAD]');
    expect(ended.stderr).toContain(reason);
  });

  it('because its text is in no file says so, and runs on one', async () => {
    const ended = await node(['--input-type=module', '--eval', `${head}${kafka('')}`]);
    expect(ended).toMatchObject({
      status: 0,
      stdout: '180\n',
      stderr: expect.stringContaining('its text is in no file'),
    });
  });
});

/** The lines of an error, without what differs from run to run: batch times. */
function errorOf({ stderr }: Ended): string {
  return stderr
    .slice(stderr.indexOf('[RDD_'))
    .replaceAll(/batch \d+ ms/gu, 'batch')
    .trim();
}

describe('programs recorded from Spark', () => {
  it.each(['local[2]', 'local[3]'])('give on %s what Spark gave, all of them', async (master) => {
    const words = ['--master', master, 'spec/golden/dstream'];
    const ended = await millrace(words, { script: ['scripts/golden/main.mjs'] });
    expect(ended.stdout).toMatch(/\n\d+ passed, 0 failed\n/u);
    expect(Number(/(?<passed>\d+) passed/u.exec(ended.stdout)?.groups?.['passed'])).toBeGreaterThan(150);
    expect(ended.status).toBe(0);
    expect(ended.stderr).not.toContain('STREAM_THREAD_');
  });
});
