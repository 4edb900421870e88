import { contains } from 'millrace';

/**
 * W1: count the lines that contain a word.
 *
 * `define` builds the program on a context, `read` makes the stream of a topic; `out` is compared with `expected`.
 */
export function w1(at) {
  return counting(at, (record) => record.value.includes('ERROR'));
}

/** The same with the predicate that is recognised and works on bytes. */
export function w1c(at) {
  return counting(at, contains('ERROR'));
}

function counting(at, isKept) {
  return {
    topic: 'lines',
    records: at.scaled(4_000_000),
    expected: at.errors,
    define(read) {
      let out = 0;
      read()
        .filter(isKept)
        .foreachRDD(async (rdd) => {
          out += await rdd.count();
        });
      return { out: () => out };
    },
  };
}
