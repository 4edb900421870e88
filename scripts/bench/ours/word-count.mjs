const add = (a, b) => a + b;

/** The program of `start`: says when the first batch with words has its result, and of how many words. */
export function wordCount() {
  return {
    topic: 'lines',
    recordsPerBatch: 2000,
    define(read) {
      let isFirst = true;
      read('lines')
        .flatMap((record) => record.value.split(' '))
        .map((word) => [word, 1])
        .reduceByKey(add)
        .foreachRDD(async (rdd) => {
          const words = await rdd.map((pair) => pair[1]).fold(0, add);
          if (words === 0 || !isFirst) return;
          isFirst = false;
          const firstMs = Math.round(Date.now() - performance.timeOrigin);
          process.stdout.write(`${JSON.stringify({ workload: 'start', peer: 'ours', firstMs, out: words })}\n`);
        });
      return {};
    },
  };
}
