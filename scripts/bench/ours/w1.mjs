/**
 * W1: count the lines that contain a word.
 *
 * `read` makes the stream of a topic; the result says how many lines there were, checked against what the generator wrote.
 */
export const w1 = {
  topic: 'lines',
  records: 4_000_000,
  expected: 79_981,
  define(ssc, read) {
    let out = 0;
    read('lines')
      .filter((record) => record.value.includes('ERROR'))
      .foreachRDD(async (rdd) => {
        out += await rdd.count();
      });
    return { out: () => out };
  },
};
