const add = (a, b) => a + b;

/** W2: word count per batch, by closures. The result is the number of words in all batches together. */
export function w2(at) {
  return counting(at, (lines) =>
    lines
      .flatMap((record) => record.value.split(' '))
      .map((word) => [word, 1])
      .reduceByKey(add),
  );
}

/** The same with the operator that is recognised and works on bytes. */
export function w2s(at) {
  return counting(at, (lines) => lines.splitWords().countByValue());
}

function counting(at, counted) {
  return {
    topic: 'lines',
    records: at.scaled(4_000_000),
    expected: at.words,
    define(read) {
      let out = 0;
      counted(read()).foreachRDD(async (rdd) => {
        out += await rdd.map((pair) => pair[1]).fold(0, add);
      });
      return { out: () => out };
    },
  };
}
