/**
 * W1: count the lines that contain a word.
 *
 * `define` builds the program on a context, `read` makes the stream of a topic; `out` is compared with `expected`.
 */
export function w1(at) {
  return {
    topic: 'lines',
    records: at.scaled(4_000_000),
    expected: at.errors,
    define(read) {
      let out = 0;
      read()
        .filter((record) => record.value.includes('ERROR'))
        .foreachRDD(async (rdd) => {
          out += await rdd.count();
        });
      return { out: () => out };
    },
  };
}
