import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import type { Ended } from '../e2e/millrace.ts';
import { ProgramOnThreads, type Ran, type RunOnThreads } from '../helpers/program-on-threads.ts';

// Processes take long to start where many others run.
jest.setTimeout(240_000);

/**
 * States, and streams that lead to and come from them. Writes down what each output operation gets, batch by batch, and the thread that each
 * function of a state ran on; `args`: the file, and what to do in a thread.
 */
const program = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';
import { StateSpec, StreamingContext } from 'millrace';

export default ({ brokers, batchInterval, checkpointDir, args: [file, how, only] }) => {
  const ssc = new StreamingContext({ appName: 'states', batchInterval });
  ssc.checkpoint(checkpointDir);
  const lines = ssc.kafkaStream({ brokers, topics: ['lines'], startingOffsets: 'earliest', maxRatePerPartition: 100 });
  const write = (label, stream) => {
    if (only !== undefined && label !== only) return;
    stream.foreachRDD(async (rdd) => {
      appendFileSync(file, JSON.stringify([label, await rdd.glom().collect()]) + '\\n');
    });
  };
  const ran = new Set();
  const runs = (name) => {
    if (ran.has(name)) return;
    ran.add(name);
    appendFileSync(file + '.threads', (isMainThread ? 'main' : 'thread ' + threadId) + ' ' + name + '\\n');
  };
  const once = (name, act) => {
    try {
      writeFileSync(file + '.' + name, '', { flag: 'wx' });
    } catch {
      return;
    }
    act();
  };
  const meets = (word) => {
    if (word !== 'seven' || isMainThread) return;
    if (how === 'dies once') once('died', () => process.exit(3));
    if (how === 'dies later') once('died', () => setTimeout(() => process.exit(3), 100));
    if (how === 'dies always') process.exit(3);
  };
  class Key { constructor(word) { this.word = word; } }
  const add = (a, b) => a + b;
  const words = lines.flatMap(({ value }) => value.split(' '));
  const pairs = words.map((word) => [word, 1]);
  const counting = (name) => (word, one, state) => {
    runs(name);
    meets(word);
    if (how === 'throws' && word === 'seven') throw new TypeError('no sevens');
    const sum = (state.exists() ? state.get() : 0) + (one ?? 0);
    if (!state.isTimingOut()) state.update(sum);
    if (how === 'classes' && word === 'seven') return [new Key(word), sum];
    return [word, sum, state.isTimingOut()];
  };
  // Longer than a batch interval: batches wait, and what they need of threads is asked for ahead.
  if (only === undefined || how === 'dies later') {
    lines.count().foreachRDD(async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
  }
  const mapped = pairs.mapWithState(StateSpec.function(counting('mapWithState')));
  write('mapped', how === 'classes' ? mapped.map(([key, sum]) => [key instanceof Key ? key.word : key, sum]) : mapped);
  write('snapshots', mapped.stateSnapshots());
  const begun = ssc.sparkContext.parallelize([['zero', 10], ['one', 10], ['seven', 10]]);
  write('begun', pairs.mapWithState(StateSpec.function(counting('begun')).initialState(begun).numPartitions(5)));
  write('idle', pairs.filter(([word]) => word !== 'two').mapWithState(StateSpec.function(counting('idle')).timeout(batchInterval * 2)));
  const summed = pairs.updateStateByKey((ones, sum) => {
    runs('updateStateByKey');
    const next = ones.reduce(add, sum ?? 0);
    return next % 17 === 0 ? null : next;
  });
  write('summed', summed);
  write('touched', pairs.updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0), { touchedOnly: true, numPartitions: 3 }));
  write('begun sum', pairs.updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0), { initialState: begun }));
  write('by partition', pairs.updateStateByKeyPartition(function* (updates) {
    let calls = 1;
    for (const [key, ones, sum] of updates) {
      if (key === 'calls') calls += sum;
      else yield [key, ones.reduce(add, sum ?? 0)];
    }
    yield ['calls', calls];
  }, 3));
  write('objects', pairs.updateStateByKey((ones, known) => ({ times: [...(known?.times ?? []), ones.length].slice(-3), at: new Date(0) })));
  write('counted', summed.count());
  write('behind', summed.map(([word, sum]) => [word.length, sum]).reduceByKey(add));
  write('chained', summed.map(([word, sum]) => [word[0], sum]).updateStateByKey((sums) => sums.reduce(add, 0)));
  write('combined', pairs.reduceByKey(add).mapValues((sum) => sum * 10).updateStateByKey((sums, sum) => sums.reduce(add, sum ?? 0)));
  write('twice combined', pairs.reduceByKey(add).map(([word, sum]) => [word.length, sum]).reduceByKey(add)
    .mapWithState(StateSpec.function((length, sum, state) => { runs('twice combined'); state.update((state.getOption() ?? 0) + sum); return [length, state.get()]; })));
  const reduced = pairs.reduceByKey(add);
  write('seen and kept', reduced);
  write('kept', reduced.updateStateByKey((sums, sum) => sums.reduce(add, sum ?? 0)));
  write('inverse', pairs.reduceByKeyAndWindow(add, (a, b) => a - b, batchInterval * 3, batchInterval, 2, ([, sum]) => { runs('inverse'); return sum > 0; }));
  write('slow slide', pairs.reduceByKeyAndWindow(add, (a, b) => a - b, batchInterval * 4, batchInterval * 2));
  write('window of a state', summed.window(batchInterval * 2, batchInterval * 2).count());
  write('sampled state', summed.window(batchInterval, batchInterval * 2).map(([word, sum]) => word + sum));
  write('grouped', pairs.groupByKey(3).mapValues((ones) => ones.length).updateStateByKey((sizes, sum) => sizes.reduce(add, sum ?? 0)));
  write('of a join', reduced.join(words.map((word) => [word, word.length]).reduceByKey(Math.max)).mapValues(([n, length]) => n * length)
    .updateStateByKey((sizes, sum) => sizes.reduce(add, sum ?? 0)));
  write('of both', pairs.union(lines.map(({ key }) => [key, 100])).updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0)));
  const lengths = words.map((word) => {
    if (only === 'joined') meets(word);
    return [word, word.length];
  });
  const seen = (name) => (value) => { runs(name); return value; };
  write('joined', pairs.join(lengths).map(seen('join')));
  write('outer', pairs.filter(([word]) => word < 'p').fullOuterJoin(lengths.filter(([word]) => word > 'f'), 3).map(seen('outer join')));
  write('cogrouped', pairs.cogroup(lengths).mapValues(seen('cogroup')));
  write('joined in place', reduced.join(lengths.reduceByKey(add)).mapValues(seen('join in place')));
  write('joined state', summed.join(lengths.groupByKey()).map(seen('join of a state')));
  write('groups', pairs.groupByKey(3).mapValues(seen('group')));
  write('window', lines.window(batchInterval * 3, batchInterval).map(({ partition, offset }) => partition + '-' + offset).map(seen('window')));
  write('tumbling', words.window(batchInterval * 2, batchInterval * 2).map(seen('tumbling')).countByValue());
  write('sampled', words.window(batchInterval, batchInterval * 2).map(seen('sampled')));
  write('plain window', pairs.reduceByKeyAndWindow(add, batchInterval * 3, batchInterval).map(seen('plain window')));
  write('grouped window', pairs.groupByKeyAndWindow(batchInterval * 2, batchInterval).mapValues(seen('grouped window')));
  write('counted window', words.countByValueAndWindow(batchInterval * 2, batchInterval).map(seen('counted window')));
  write('longest of a window', words.reduceByWindow((a, b) => (b.length > a.length ? b : a), batchInterval * 2, batchInterval));
  write('window of both', words.union(lines.map(({ key }) => key)).window(batchInterval * 2, batchInterval));
  write('joined windows', pairs.window(batchInterval * 2, batchInterval).join(lengths.window(batchInterval * 2, batchInterval)).count());
  write('window of a window', words.window(batchInterval * 2, batchInterval).count().window(batchInterval * 2, batchInterval));
  write('window into a state', pairs.window(batchInterval * 2, batchInterval).updateStateByKey((ones, sum) => ones.reduce(add, sum ?? 0)));
  write('state joined with what is read', summed.join(lengths));
  write('window joined with what is read', pairs.window(batchInterval * 3, batchInterval).join(lengths));
  write('chained and joined', summed.map(([word, sum]) => [word, sum]).updateStateByKey((sums) => sums[0] ?? null).join(lengths));
  write('only a window', lines.map(({ value }) => { meets(value.includes('seven') ? 'seven' : ''); return value.length; }).window(batchInterval * 3, batchInterval));
  write('kept state', summed.map(([word, sum]) => word + sum).cache());
  write('transformed', summed.transform((rdd) => rdd.sortBy(([word]) => word)));
  if (how === 'sends classes') {
    write('classes', words.map((word) => [word, new Key(word)]).updateStateByKey((keys, sum) => { runs('classes'); return (sum ?? 0) + keys.filter((key) => key instanceof Key).length; }));
  }
  summed.print(3);
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

async function run(name: string, master: string, how = 'lives', more: Partial<RunOnThreads> = {}): Promise<Ran> {
  return await (place as ProgramOnThreads).run(name, master, { how, batches, ...more });
}

const batches = 10;

/** Functions that are called with what belongs to a thread. */
const sharedOut = [
  ['mapWithState', 'begun', 'idle', 'updateStateByKey'],
  ['join', 'outer join', 'cogroup', 'join in place', 'join of a state', 'group'],
  ['window', 'tumbling', 'sampled', 'grouped window'],
].flat();
/** Those of windows over what was combined, which crosses at less cost. */
const onFirst = ['counted window', 'inverse', 'plain window'];

/** What is printed, without the times. */
function printed({ stdout }: Ended): string {
  return stdout.replaceAll(/^Time: \d+ ms$/gmu, 'Time');
}

/** On how many threads a function ran. */
function threadsOf({ threads }: Ran, name: string): number {
  return threads.filter((line) => /^thread \d+ (?<what>.*)$/u.exec(line)?.groups?.['what'] === name).length;
}

describe('states, windows and joins on several threads', () => {
  /** What the program gives on one thread: all other runs are compared with it. */
  let one: Ran;
  beforeAll(async () => {
    one = await run('one', 'local');
  });

  it('give what they give on one, in the same order', async () => {
    const [two, three] = await Promise.all([run('two', 'local[2]'), run('three', 'local[3]')]);
    for (const several of [two, three]) {
      expect(several).toMatchObject({ status: 0 });
      expect(several.written).toEqual(one.written);
      expect(printed(several)).toBe(printed(one));
      expect(several.stderr).not.toContain('STREAM_');
    }
  });

  it('have functions called in the threads that have their keys, as joins and windows have', async () => {
    expect(one.threads.every((line) => line.startsWith('main'))).toBe(true);
    const two = await run('where', 'local[2]');
    expect(two.threads.filter((line) => line.startsWith('main'))).toEqual(onFirst.map((name) => `main ${name}`));
    expect(sharedOut.map((name) => [name, threadsOf(two, name)])).toEqual(sharedOut.map((name) => [name, 2]));
  });

  it('go on with another number of threads, and on one', async () => {
    const parts: Ran[] = [];
    for (const master of ['local[3]', 'local[2]', 'local', 'local[2]', 'local[3]'])
      parts.push(await run('resumed', master, 'lives', { batches: 2 }));
    expect(parts.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    expect(withoutRepeated(parts.at(-1)?.written ?? [], one.written)).toEqual([]);
  });

  it('begin again with the batch when a thread dies, from what is committed', async () => {
    const died = await run('died', 'local[2]', 'dies once');
    expect(died.status).toBe(0);
    expect(died.stderr).toContain('[STREAM_THREAD_REPLACED]');
    expect(existsSync(place?.path('died.out.died') ?? '')).toBe(true);
    expect(withoutRepeated(died.written, one.written)).toEqual([]);
  });

  it.each([
    ['while nothing is asked of it', 'dies later', undefined, []],
    ['that has nothing but slices of a window', 'dies later', 'only a window', []],
    ['that has nothing but slices of a window, in a batch', 'dies once', 'only a window', []],
    ['that joins', 'dies once', 'joined', []],
    ['in compatible mode', 'dies once', undefined, ['--conf', 'millrace.spark.compat=true']],
  ])('begin again when a thread dies %s', async (name, how, only, options) => {
    const more = only === undefined ? [] : [only];
    const [alone, died] = [
      await run(`${name} one`, 'local', 'lives', { more, options }),
      await run(`${name} two`, 'local[2]', how, { more, options }),
    ];
    expect([alone.status, died.status]).toEqual([0, 0]);
    expect(died.stderr).toContain('[STREAM_THREAD_REPLACED]');
    expect(withoutRepeated(died.written, alone.written)).toEqual([]);
  });

  it('stop with a code where a thread and its successor die, and go on there', async () => {
    const dead = await run('dead', 'local[3]', 'dies always');
    expect(dead).toMatchObject({ status: 1 });
    expect(dead.stderr).toContain('[STREAM_THREAD_ENDED]');
    const resumed = await run('dead', 'local[2]');
    expect(resumed.status).toBe(0);
    expect(withoutRepeated(resumed.written, one.written)).toEqual([]);
  });

  it.each([
    ['what a function of a state gives', 'classes'],
    ['what is brought to a key', 'sends classes'],
  ])('go on on the first thread, which is said, when %s cannot be sent', async (_, how) => {
    const [alone, two] = await Promise.all([run(`${how} one`, 'local', how), run(`${how} two`, 'local[2]', how)]);
    expect([alone.status, two.status]).toEqual([0, 0]);
    expect(two.stderr.match(/\[STREAM_\w+\]/gu)).toEqual(['[STREAM_THREAD_VALUES]']);
    expect(two.stderr).toContain('an instance of Key');
    expect(withoutRepeated(two.written, alone.written)).toEqual([]);
  });

  it('tell an error of their function as it is told on one thread', async () => {
    const [thrown, apart] = await Promise.all([run('thrown', 'local', 'throws'), run('apart', 'local[2]', 'throws')]);
    expect([thrown.status, apart.status]).toEqual([1, 1]);
    expect(errorOf(thrown)).toContain('no sevens');
    expect(errorOf(apart)).toBe(errorOf(thrown));
  });
});

/** What is different once lines that a batch has written twice, because it was run again, are left out. */
function withoutRepeated(written: readonly string[], expected: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  const first = expected[0]?.slice(0, expected[0].indexOf(',')) ?? '';
  let at = 0;
  let begun = 0;
  for (const line of written) {
    // What comes behind are batches that the other program has not come to.
    if (at === expected.length) break;
    if (line === expected[at]) {
      // A batch begins with what the first output operation gets.
      if (line.startsWith(first)) begun = at;
      at += 1;
    } else if (line === expected[begun]) at = begun + 1;
    else wrong.push(`${at}: ${line}`);
  }
  const told = wrong.slice(0, 3).map((line) => line.slice(0, 200));
  return at === expected.length ? told : [...told, `${at} of ${expected.length}`];
}

/** The lines of an error, without what differs from run to run: batch times, and who waits for the function. */
function errorOf({ stderr }: Ended): string {
  return stderr
    .slice(stderr.indexOf('[RDD_'))
    .replaceAll(/batch \d+ ms/gu, 'batch')
    .replaceAll(/^ *at async .*\n/gmu, '')
    .trim();
}
