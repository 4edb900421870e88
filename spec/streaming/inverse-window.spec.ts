import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ManualClock, StreamingContext } from '../../lib/index.ts';
import { encodeKey } from '../../lib/kernel/codec.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/memory-checkpoints.ts';

type Key = string | number | null | readonly number[];
type Batch = readonly (readonly [Key, number])[];
/** What the functions of the program were called with, and what the window gave: in order, batch by batch. */
type Seen = string[][];

const batchMs = 1000;
const length = 3;

/** Values of a kind of their own: numbers are held in another way than anything else. */
interface Values<V> {
  readonly of: (n: number) => V;
  readonly add: (a: V, b: V) => V;
  readonly subtract: (a: V, b: V) => V;
  readonly isThere: (value: V) => boolean;
}

type Numbers = Values<number>;

const numbers: Numbers = {
  of: (n) => n,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  isThere: (n) => n !== 0,
};
const lists: Values<number[]> = {
  of: (n) => [n],
  add: ([a = 0], [b = 0]) => [a + b],
  subtract: ([a = 0], [b = 0]) => [a - b],
  isThere: ([n = 0]) => n !== 0,
};

/** The functions, and a note of each call. */
function noting(values: Numbers, note: (text: string) => void): Numbers {
  const { add, subtract, isThere } = values;
  return {
    ...values,
    add: (a, b) => {
      note(`add ${JSON.stringify([a, b])}`);
      return add(a, b);
    },
    subtract: (a, b) => {
      note(`subtract ${JSON.stringify([a, b])}`);
      return subtract(a, b);
    },
    isThere: (value) => {
      note(`is ${JSON.stringify(value)} there`);
      return isThere(value);
    },
  };
}

/** What the window does, on plain maps: an entry that is set again keeps its place. */
function expected(batches: readonly Batch[], values: Numbers): Seen {
  const seen: Seen = [];
  const { of, add, subtract, isThere } = noting(values, (text) => seen.at(-1)?.push(text));
  const state = new Map<string, readonly [Key, number]>();
  const slices: Map<string, readonly [Key, number]>[] = [];
  for (const [at, batch] of batches.entries()) {
    seen.push([]);
    const entering = new Map<string, readonly [Key, number]>();
    for (const [key, n] of batch) {
      const known = entering.get(nameOf(key));
      entering.set(nameOf(key), [known?.[0] ?? key, known === undefined ? of(n) : add(known[1], of(n))]);
    }
    const leaving = new Map(slices[at - length] ?? []);
    const keep = (name: string, key: Key, value: number): void => {
      if (isThere(value)) state.set(name, [key, value]);
      else state.delete(name);
    };
    for (const [name, [key, value]] of entering) {
      const carried = state.get(name);
      const left = leaving.get(name);
      leaving.delete(name);
      if (carried === undefined) keep(name, key, value);
      else keep(name, carried[0], add(left === undefined ? carried[1] : subtract(carried[1], left[1]), value));
    }
    for (const [name, [, value]] of leaving) {
      const carried = state.get(name);
      if (carried !== undefined) keep(name, carried[0], subtract(carried[1], value));
    }
    slices.push(entering);
    seen.at(-1)?.push(...Array.from(state.values(), ([key, value]) => JSON.stringify([key, value])));
  }
  return seen;
}

function nameOf(key: Key): string {
  return encodeKey(key).join(' ');
}

/** The same by the engine, the context started anew before some batches. */
async function windows(batches: readonly Batch[], deaths: ReadonlySet<number>, values: Numbers): Promise<Seen> {
  const clock = new ManualClock();
  const { open: openCheckpoint } = new MemoryCheckpoints();
  const seen: Seen = [];
  const { of, add, subtract, isThere } = noting(values, (text) => seen.at(-1)?.push(text));
  const define = (): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'window', batchInterval: batchMs, clock, openCheckpoint });
    ssc
      .inputStream<readonly [Key, number]>(
        'pairs',
        (step, slideMs) => new TimedInput<readonly [Key, number]>(step, slideMs, (_, i) => batches[i] ?? [], 1),
      )
      .map(([key, n]): [Key, number] => [key, of(n)])
      .reduceByKeyAndWindow(add, subtract, length * batchMs, batchMs, 1, ([, value]) => isThere(value))
      .foreachRDD(async (rdd) => {
        seen.at(-1)?.push(...(await rdd.collect()).map((pair) => JSON.stringify(pair)));
      });
    return ssc;
  };
  const start = async (): Promise<StreamingContext> => {
    const ssc = await StreamingContext.getOrCreate('memory:window', define);
    await ssc.start();
    return ssc;
  };
  let ssc = await start();
  for (const at of batches.keys()) {
    if (deaths.has(at)) {
      await ssc.stop();
      ssc = await start();
    }
    seen.push([]);
    await clock.advance(batchMs);
  }
  await ssc.stop();
  return seen;
}

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Key>('a', 'b', 'c', 'ä', 'a text of some length', 'b'.repeat(30), '1') },
  { weight: 2, arbitrary: fc.constantFrom<Key>(1, 2, 0.5, null) },
);
const anyKey = fc.oneof({ weight: 3, arbitrary: key }, fc.constantFrom<Key>([1], [2, 3]));

describe('a window with an inverse function', () => {
  it.each([
    ['numbers', 'keys that are texts and numbers', numbers, key],
    ['numbers', 'any keys', numbers, anyKey],
    ['lists', 'any keys', lists as unknown as Numbers, anyKey],
  ])('calls its functions and gives %s of %s as recomputation does, wherever the process dies', async (...row) => {
    const [, , values, keys] = row;
    const batch = fc.array(fc.tuple(keys, fc.integer({ min: -1, max: 2 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 10 }),
        fc.array(fc.nat(9), { maxLength: 2 }),
        async (all, deaths) => {
          expect(await windows(all, new Set(deaths), values)).toEqual(expected(all, values));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ['numbers', numbers],
    ['lists', lists as unknown as Numbers],
  ])(
    'goes on with %s when most keys of the batches before do not come again',
    async (_, values) => {
      // More keys than are numbered at a time: the numbers begin anew, while some keys stay, leave and come back.
      const batches = Array.from({ length: 14 }, (__, at): Batch => [
        ...Array.from({ length: 300 }, (___, i) => [`stays ${i}`, 1] as const),
        ...Array.from({ length: 1000 }, (___, i) => [`of ${at}: ${i}`, 2] as const),
        ...Array.from({ length: at % 5 === 0 ? 300 : 0 }, (___, i) => [i, 3] as const),
      ]);
      expect(await windows(batches, new Set([9]), values)).toEqual(expected(batches, values));
    },
    60_000,
  );
});
