import * as fc from 'fast-check';
import { type DStream, StateSpec } from '../../lib/index.ts';
import { raise } from '../../lib/kernel/errors.ts';

export type Pair = readonly [string, number];
export type Pairs = DStream<Pair>;
/** The batches of one input. */
export type Batches = readonly (readonly Pair[])[];

/**
 * A stream of pairs as a program would build it, and what it has to give: computed from the whole history, from scratch, at each batch.
 * Numbers of batches are counted from 1; `slide` is in batches.
 */
export interface Program {
  readonly text: string;
  readonly slide: number;
  /** All values are above 0, so that a sum of 0 is a key that is not there. */
  readonly isPositive: boolean;
  /** The records of a key come in the order of the inputs: repartition gives that up. */
  readonly isOrdered: boolean;
  build(inputs: readonly Pairs[]): Pairs;
  at(batch: number, inputs: readonly Batches[]): readonly Pair[];
}

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const batchMs = 1000;

/** What the program gives at a batch; undefined where its stream has none. */
export function naive(program: Program, batch: number, inputs: readonly Batches[]): readonly Pair[] | undefined {
  return batch % program.slide === 0 ? program.at(batch, inputs) : undefined;
}

function sums(pairs: readonly Pair[]): Pair[] {
  const totals = new Map<string, number>();
  for (const [key, value] of pairs) totals.set(key, (totals.get(key) ?? 0) + value);
  return [...totals];
}

/** The batches of `program` in `(from, until]`, oldest first. */
function over(program: Program, from: number, until: number, inputs: readonly Batches[]): (readonly Pair[])[] {
  const found: (readonly Pair[])[] = [];
  for (let batch = Math.max(1, from + 1); batch <= until; batch++) {
    if (batch % program.slide === 0) found.push(program.at(batch, inputs));
  }
  return found;
}

const everything = (program: Program, until: number, inputs: readonly Batches[]): Pair[] =>
  over(program, 0, until, inputs).flat();

interface WindowShape {
  readonly length: number;
  readonly slide: number;
}

/** The window that a shape means over a stream: whole numbers of its batches. */
function windowOver(program: Program, { length, slide }: WindowShape): WindowShape & { args: [number, number] } {
  const own = { length: length * program.slide, slide: slide * program.slide };
  return { ...own, args: [own.length * batchMs, own.slide * batchMs] };
}

/** Each way in which a stream is made from another; `shape` is used by those with a window. */
const steps: Readonly<Record<string, (of: Program, shape: WindowShape) => Program>> = {
  window: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      ...of,
      text: `${of.text}.window(${args.join()})`,
      slide,
      build: (inputs) => of.build(inputs).window(...args),
      at: (batch, inputs) => over(of, batch - length, batch, inputs).flat(),
    };
  },
  reduceByKey: (of) => ({
    ...of,
    text: `${of.text}.reduceByKey(add, 3)`,
    build: (inputs) => of.build(inputs).reduceByKey(add, 3),
    at: (batch, inputs) => sums(of.at(batch, inputs)),
  }),
  reduceByKeyAndWindow: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      ...of,
      text: `${of.text}.reduceByKeyAndWindow(add, ${args.join()})`,
      slide,
      build: (inputs) => of.build(inputs).reduceByKeyAndWindow(add, ...args),
      at: (batch, inputs) => sums(over(of, batch - length, batch, inputs).flat()),
    };
  },
  inverse: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      text: `${of.text}.reduceByKeyAndWindow(add, subtract, ${args.join()})`,
      slide,
      isPositive: false,
      isOrdered: of.isOrdered,
      build: (inputs) => of.build(inputs).reduceByKeyAndWindow(add, subtract, ...args),
      at: (batch, inputs) => {
        const current = over(of, batch - length, batch, inputs).flat();
        if (slide > length) return sums(current);
        // Without a filter a key stays for ever.
        return sums([...everything(of, batch, inputs).map(([key]): Pair => [key, 0]), ...current]);
      },
    };
  },
  inverseWithFilter: (of, shape) => {
    if (!of.isPositive) return step('reduceByKeyAndWindow', of, shape);
    const { length, slide, args } = windowOver(of, shape);
    return {
      ...of,
      text: `${of.text}.reduceByKeyAndWindow(add, subtract, ${args.join()}, { filter })`,
      slide,
      build: (inputs) =>
        of.build(inputs).reduceByKeyAndWindow(add, subtract, ...args, { numPartitions: 3, filter: ([, n]) => n !== 0 }),
      at: (batch, inputs) => sums(over(of, batch - length, batch, inputs).flat()),
    };
  },
  reduceByWindow: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      ...of,
      text: `${of.text}.reduceByWindow(add, ${args.join()})`,
      slide,
      build: (inputs) => whole(valuesOf(of.build(inputs)).reduceByWindow(add, ...args)),
      at: (batch, inputs) => total(over(of, batch - length, batch, inputs).flat()),
    };
  },
  reduceByWindowInverse: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      text: `${of.text}.reduceByWindow(add, subtract, ${args.join()})`,
      slide,
      isPositive: false,
      isOrdered: of.isOrdered,
      build: (inputs) => whole(valuesOf(of.build(inputs)).reduceByWindow(add, subtract, ...args)),
      at: (batch, inputs) => {
        const current = over(of, batch - length, batch, inputs).flat();
        return slide > length || everything(of, batch, inputs).length === 0
          ? total(current)
          : [['all', current.reduce((sum, [, value]) => sum + value, 0)]];
      },
    };
  },
  countByWindow: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      text: `${of.text}.countByWindow(${args.join()})`,
      slide,
      isPositive: false,
      isOrdered: of.isOrdered,
      build: (inputs) => whole(of.build(inputs).countByWindow(...args)),
      at: (batch, inputs) => {
        const current = over(of, batch - length, batch, inputs).flat().length;
        if (slide > length) return current === 0 ? [] : [['all', current]];
        return everything(of, batch, inputs).length === 0 ? [] : [['all', current]];
      },
    };
  },
  countByValueAndWindow: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      text: `${of.text}.countByValueAndWindow(${args.join()})`,
      slide,
      isPositive: true,
      isOrdered: of.isOrdered,
      build: (inputs) =>
        of
          .build(inputs)
          .map(([key]) => key)
          .countByValueAndWindow(...args),
      at: (batch, inputs) =>
        sums(
          over(of, batch - length, batch, inputs)
            .flat()
            .map(([key]): Pair => [key, 1]),
        ),
    };
  },
  groupByKeyAndWindow: (of, shape) => {
    const { length, slide, args } = windowOver(of, shape);
    return {
      ...of,
      text: `${of.text}.groupByKeyAndWindow(${args.join()})`,
      slide,
      build: (inputs) =>
        of
          .build(inputs)
          .groupByKeyAndWindow(...args)
          .mapValues((values) => values.reduce(add, 0)),
      at: (batch, inputs) => sums(over(of, batch - length, batch, inputs).flat()),
    };
  },
  updateStateByKey: (of) => ({
    ...of,
    text: `${of.text}.updateStateByKey(total)`,
    build: (inputs) =>
      of.build(inputs).updateStateByKey<string, number, number>((values, state) => values.reduce(add, state ?? 0)),
    at: (batch, inputs) => sums(everything(of, batch, inputs)),
  }),
  updateStateByKeyThatForgets: (of) => ({
    ...of,
    text: `${of.text}.updateStateByKey(totalOrNothing)`,
    build: (inputs) =>
      of
        .build(inputs)
        .updateStateByKeyWithTime<string, number, number>((_time, _key, values, state) =>
          values.length === 0 ? null : values.reduce(add, state ?? 0),
        ),
    at: (batch, inputs) => {
      let states: readonly Pair[] = [];
      for (const pairs of over(of, 0, batch, inputs)) {
        const present = new Set(pairs.map(([key]) => key));
        states = sums([...states.filter(([key]) => present.has(key)), ...pairs]);
      }
      return states;
    },
  }),
  updateStateByKeyTouched: (of) => ({
    ...of,
    text: `${of.text}.updateStateByKey(total, { touchedOnly, initialState })`,
    build: (inputs) =>
      of.build(inputs).updateStateByKey<string, number, number>((values, state) => values.reduce(add, state ?? 0), {
        touchedOnly: true,
        initialState: [['a', 100]],
        numPartitions: 3,
      }),
    at: (batch, inputs) => {
      const present = new Set(of.at(batch, inputs).map(([key]) => key));
      return sums([['a', 100], ...everything(of, batch, inputs)]).filter(([key]) => present.has(key));
    },
  }),
  updateStateByKeyPartition: (of) => ({
    ...of,
    text: `${of.text}.updateStateByKeyPartition(total, { initialState })`,
    build: (inputs) =>
      of
        .build(inputs)
        .updateStateByKeyPartition<string, number, number>(
          (updates) => [...updates].map(([key, values, state]) => [key, values.reduce(add, state ?? 0)]),
          {
            initialState: [['z', 1]],
          },
        ),
    at: (batch, inputs) => sums([['z', 1], ...everything(of, batch, inputs)]),
  }),
  mapWithState: (given) => {
    const of = inOrder(given);
    return {
      ...of,
      text: `${of.text}.mapWithState(runningTotal)`,
      build: (inputs) => of.build(inputs).mapWithState(runningTotal.initialState([['a', 7]])),
      at: (batch, inputs) => runningTotals(of, batch, inputs, [['a', 7]], undefined).mapped,
    };
  },
  stateSnapshots: (of) => ({
    ...of,
    text: `${of.text}.mapWithState(runningTotal).stateSnapshots()`,
    build: (inputs) => of.build(inputs).mapWithState(runningTotal.numPartitions(3)).stateSnapshots(),
    at: (batch, inputs) => sums(everything(of, batch, inputs)),
  }),
  mapWithStateAndTimeout: (given, { length }) => {
    const of = inOrder(given);
    return {
      ...of,
      text: `${of.text}.mapWithState(runningTotal.timeout(${length} batches))`,
      build: (inputs) => of.build(inputs).mapWithState(runningTotal.timeout(length * of.slide * batchMs)),
      at: (batch, inputs) => runningTotals(of, batch, inputs, [], length * of.slide).mapped,
    };
  },
  stateSnapshotsAndTimeout: (of, { length }) => ({
    ...of,
    text: `${of.text}.mapWithState(runningTotal.timeout(${length} batches)).stateSnapshots()`,
    build: (inputs) =>
      of
        .build(inputs)
        .mapWithState(runningTotal.timeout(length * of.slide * batchMs).initialState([['b', 3]]))
        .stateSnapshots(),
    at: (batch, inputs) => runningTotals(of, batch, inputs, [['b', 3]], length * of.slide).states,
  }),
  checkpoint: (of, { length }) => ({
    ...of,
    text: `${of.text}.checkpoint(${length * of.slide * batchMs})`,
    build: (inputs) => of.build(inputs).checkpoint(length * of.slide * batchMs),
  }),
  cache: (of) => ({
    ...of,
    text: `${of.text}.map(same).cache()`,
    build: (inputs) =>
      of
        .build(inputs)
        .map((pair) => pair)
        .cache(),
  }),
  repartition: (of, { length }) => ({
    ...of,
    text: `${of.text}.repartition(${length})`,
    isOrdered: false,
    build: (inputs) => of.build(inputs).repartition(length),
  }),
  partitionBy: (of) => ({
    ...of,
    text: `${of.text}.partitionBy(byFirstLetter)`,
    build: (inputs) =>
      of.build(inputs).partitionBy({ numPartitions: 2, partitionOf: (key) => String(key).charCodeAt(0) % 2 }),
  }),
};

/** Each way in which two streams become one; both slide alike. */
const combinations: Readonly<Record<string, (left: Program, right: Program) => Program>> = {
  union: (left, right) => ({
    text: `${left.text}.union(${right.text})`,
    slide: left.slide,
    isPositive: left.isPositive && right.isPositive,
    isOrdered: left.isOrdered && right.isOrdered,
    build: (inputs) => left.build(inputs).union(right.build(inputs)),
    at: (batch, inputs) => [...left.at(batch, inputs), ...right.at(batch, inputs)],
  }),
  join: (left, right) => joined('join', left, right, (l, r) => l.join(r), false, false),
  leftOuterJoin: (left, right) => joined('leftOuterJoin', left, right, (l, r) => l.leftOuterJoin(r), true, false),
  rightOuterJoin: (left, right) => joined('rightOuterJoin', left, right, (l, r) => l.rightOuterJoin(r, 3), false, true),
  fullOuterJoin: (left, right) => joined('fullOuterJoin', left, right, (l, r) => l.fullOuterJoin(r), true, true),
};

export const stepNames = Object.keys(steps);
const combinationNames = Object.keys(combinations);

export function step(name: string, of: Program, shape: WindowShape): Program {
  const make = steps[name];
  return make === undefined ? of : make(of, shape);
}

/** Two streams combined; of streams that slide apart the first takes the place of both. */
function combine(name: string, left: Program, right: Program): Program {
  const other = left.slide === right.slide ? right : left;
  const make = combinations[name];
  return make === undefined ? left : make(left, other);
}

export function input(index: number): Program {
  return {
    text: `input${index}`,
    slide: 1,
    isPositive: true,
    isOrdered: true,
    build: (inputs) => inputs[index] ?? raise('INTERNAL_INVARIANT', { what: 'there are two inputs' }),
    at: (batch, inputs) => inputs[index]?.[batch - 1] ?? [],
  };
}

const shape = fc.record({ length: fc.integer({ min: 1, max: 3 }), slide: fc.integer({ min: 1, max: 2 }) });

/** Programs over two inputs, of a few steps. */
export const program: fc.Arbitrary<Program> = fc.letrec<{ stream: Program; stepped: Program; combined: Program }>(
  (tie) => ({
    stream: fc.oneof(
      { maxDepth: 3 },
      { weight: 1, arbitrary: fc.nat(1).map(input) },
      { weight: 4, arbitrary: tie('stepped') },
      { weight: 1, arbitrary: tie('combined') },
    ),
    stepped: fc
      .tuple(fc.constantFrom(...stepNames), tie('stream'), shape)
      .map(([name, of, windowShape]) => step(name, of, windowShape)),
    combined: fc
      .tuple(fc.constantFrom(...combinationNames), tie('stream'), tie('stream'))
      .map(([name, left, right]) => combine(name, left, right)),
  }),
).stream;

export const batches: fc.Arbitrary<Batches> = fc.array(
  fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 })), { maxLength: 3 }),
  { minLength: 1, maxLength: 8 },
);

function joined(
  name: string,
  left: Program,
  right: Program,
  join: (left: Pairs, right: Pairs) => DStream<[string, [number | null, number | null]]>,
  keepsLeft: boolean,
  keepsRight: boolean,
): Program {
  return {
    text: `${left.text}.${name}(${right.text})`,
    slide: left.slide,
    isPositive: left.isPositive && right.isPositive,
    isOrdered: left.isOrdered && right.isOrdered,
    build: (inputs) => join(left.build(inputs), right.build(inputs)).mapValues(([a, b]) => (a ?? 0) + (b ?? 0)),
    at: (batch, inputs) => {
      const [lefts, rights] = [left.at(batch, inputs), right.at(batch, inputs)];
      const found: Pair[] = [];
      for (const [key, a] of lefts) for (const [other, b] of rights) if (key === other) found.push([key, a + b]);
      const lonely = (pairs: readonly Pair[], others: readonly Pair[]): readonly Pair[] =>
        pairs.filter(([key]) => others.every(([other]) => other !== key));
      if (keepsLeft) found.push(...lonely(lefts, rights));
      if (keepsRight) found.push(...lonely(rights, lefts));
      return found;
    },
  };
}

const runningTotal = StateSpec.function<string, number, number, Pair>((key, value, state) => {
  if (!state.isTimingOut()) state.update((state.getOption() ?? 0) + (value ?? 0));
  return [key, state.get()];
});

/** `runningTotal` over the whole history: what its calls returned in the batch, and the states after it. */
function runningTotals(
  of: Program,
  until: number,
  inputs: readonly Batches[],
  initial: readonly Pair[],
  timeout: number | undefined,
): { readonly mapped: Pair[]; readonly states: Pair[] } {
  const states = new Map(initial.map(([key, value]) => [key, { value, touched: of.slide }]));
  let mapped: Pair[] = [];
  for (let batch = of.slide; batch <= until; batch += of.slide) {
    mapped = [];
    for (const [key, value] of of.at(batch, inputs)) {
      const next = (states.get(key)?.value ?? 0) + value;
      states.set(key, { value: next, touched: batch });
      mapped.push([key, next]);
    }
    for (const [key, { value, touched }] of states) {
      if (timeout === undefined || touched >= batch - timeout) continue;
      mapped.push([key, value]);
      states.delete(key);
    }
  }
  return { mapped, states: Array.from(states, ([key, { value }]): Pair => [key, value]) };
}

/** A stream whose records of a key come in order: of one that does not keep it, its sums. */
function inOrder(of: Program): Program {
  return of.isOrdered ? of : { ...step('reduceByKey', of, { length: 1, slide: 1 }), isOrdered: true };
}

function valuesOf(pairs: Pairs): DStream<number> {
  return pairs.map(([, value]) => value);
}

function whole(values: DStream<number>): Pairs {
  return values.map((value): Pair => ['all', value]);
}

function total(pairs: readonly Pair[]): Pair[] {
  return pairs.length === 0 ? [] : [['all', pairs.reduce((sum, [, value]) => sum + value, 0)]];
}
