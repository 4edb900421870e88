import { StateSpec } from 'millrace';

const loadKeys = 100_000;
const touchedBatches = 20;

/**
 * W4: a running count for each of 1,000,000 keys (or 4 or 10 million, the growth). Batches of 100,000 records bring the keys, then
 * twenty batches touch 10,000 keys and twenty 100,000.
 *
 * The result is read from the checkpoint after the run: so many keys, and counts that add up to the records.
 */
export const w4 = (at) => workload(at, 1, (pairs) => pairs.updateStateByKey(running, { numPartitions: 2 }));
/** With `touchedOnly` the function is called for, and the result holds, the keys of the batch. */
export const w4t = (at) =>
  workload(at, 1, (pairs) => pairs.updateStateByKey(running, { numPartitions: 2, touchedOnly: true }));
export const w4m = (at) => withState(at, 1);
/** An object for each key, by a function that does a little more than adding: what several threads are for. */
export const w4o = (at) =>
  workload(at, 1, (pairs) =>
    pairs.mapWithState(
      StateSpec.function((key, one, state) => {
        const known = state.getOption() ?? { count: 0, last: [], words: {} };
        const last = [...known.last.slice(-4), key.length + known.count];
        const words = { ...known.words, [key.slice(-1)]: (known.words[key.slice(-1)] ?? 0) + one };
        state.update({ count: known.count + one, last, words });
        return JSON.stringify(last).length;
      }).numPartitions(2),
    ),
  );
export const w4of4 = (at) => withState(at, 4);
export const w4of10 = (at) => withState(at, 10);

function running(values, state) {
  return (state ?? 0) + values.length;
}

function withState(at, millions) {
  return workload(at, millions, (pairs) =>
    pairs.mapWithState(
      StateSpec.function((key, one, state) => {
        const count = (state.getOption() ?? 0) + one;
        state.update(count);
        return count;
      }).numPartitions(2),
    ),
  );
}

function workload(at, millions, counted) {
  const keys = at.scaled(millions * 1_000_000);
  const touched = [10_000, 100_000].map((count) => at.scaled(count));
  const records = keys + touchedBatches * (touched[0] + touched[1]);
  return {
    topic: millions === 1 ? 'keys' : `keys${millions}`,
    records,
    expected: `${keys} keys, ${records} records`,
    batchSizes: [
      ...Array.from({ length: keys / at.scaled(loadKeys) }, () => at.scaled(loadKeys)),
      ...touched.flatMap((count) => Array.from({ length: touchedBatches }, () => count)),
    ],
    /** Shorter than the batches of 10,000 records take. */
    intervalMs: 10,
    steadyFrom: keys / at.scaled(loadKeys),
    count: (keyed) => counted(keyed.map((record) => [record.key, 1])),
    define(read) {
      this.count(read()).foreachRDD(async (rdd) => {
        await rdd.count();
      });
      return { out: storedCounts };
    },
  };
}

/** The keys and the sum of the counts that are committed. */
export async function storedCounts(directory) {
  // Loaded here: the program of `start` is in this module's neighbour, and needs none of it.
  const { openReadOnly } = await import('../../../dist/internals.js');
  const view = openReadOnly(directory);
  try {
    return view.read((moment) => {
      const { version } = moment.versions.at(-1).record;
      let keys = 0;
      let records = 0;
      for (const name of moment.tablesAt(version).filter((table) => table.name === 'state')) {
        for (const [, state] of moment.tableAt(version, name).entries()) {
          keys += 1;
          const kept = Array.isArray(state) ? state[0] : state;
          records += typeof kept === 'object' ? kept.count : kept;
        }
      }
      return `${keys} keys, ${records} records`;
    });
  } finally {
    await view.close();
  }
}
