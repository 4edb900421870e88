/** W2: word count per batch. The result is the number of words in all batches together. */
export const w2 = {
  topic: 'lines',
  records: 4_000_000,
  expected: 50_492_364,
  define(ssc, read) {
    let out = 0;
    read('lines')
      .flatMap((record) => record.value.split(' '))
      .map((word) => [word, 1])
      .reduceByKey((a, b) => a + b)
      .foreachRDD(async (rdd) => {
        out += await rdd.map((pair) => pair[1]).fold(0, (a, b) => a + b);
      });
    return { out: () => out };
  },
};
