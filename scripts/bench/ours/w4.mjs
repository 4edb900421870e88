/**
 * W4: a running count for each of 1,000,000 keys, by updateStateByKey.
 *
 * Batches of 100,000 records: ten that bring new keys, two that touch 10,000 keys ten times over, twenty that touch 100,000 keys. The
 * result is the number of keys, and the sum of all counts must be the number of records.
 */
const recordsPerBatch = 100_000;

export const w4 = workload(false);
/** The same with `touchedOnly`: the function is called for, and the result holds, the keys of the batch. */
export const w4t = workload(true);

function workload(touchedOnly) {
  return {
    topic: 'keys',
    records: 3_200_000,
    recordsPerBatch,
    expected: 1_000_000,
    /** The batches that touch 100,000 keys. */
    steadyFrom: 12,
    define(ssc, read) {
      let keys = 0;
      let total = 0;
      read('keys')
        .map((record) => [record.key, 1])
        .updateStateByKey(
          (values, state) => {
            if (state === null) keys += 1;
            total += values.length;
            return (state ?? 0) + values.length;
          },
          { numPartitions: 2, touchedOnly },
        )
        .foreachRDD(async (rdd) => {
          await rdd.count();
        });
      return { out: () => (total === this.records ? keys : `${keys} keys with ${total} records`) };
    },
  };
}
