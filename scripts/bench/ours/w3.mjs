import { windowWords } from '../scale.mjs';

const add = (a, b) => a + b;
const slides = 10;

/** W3: word count over ten slides of 100,000 lines each, by closures with the inverse function. */
export function w3(at) {
  return sliding(at, (lines, window, slide) =>
    lines
      .flatMap((record) => record.value.split(' '))
      .map((word) => [word, 1])
      .reduceByKeyAndWindow(
        add,
        (a, b) => a - b,
        window,
        slide,
        2,
        (pair) => pair[1] > 0,
      ),
  );
}

/** The same with the operators that are recognised and work on bytes; they have the inverse function within. */
export function w3s(at) {
  return sliding(at, (lines, window, slide) => lines.splitWords().countByValueAndWindow(window, slide));
}

/** The words of every window are compared. */
function sliding(at, counted) {
  return {
    topic: 'lines',
    records: at.scaled(4_000_000),
    recordsPerBatch: at.scaled(100_000),
    expected: windowWords(at).join(),
    /** The window is full. */
    steadyFrom: slides,
    define(read, intervalMs) {
      const outs = [];
      counted(read(), slides * intervalMs, intervalMs).foreachRDD(async (rdd) => {
        outs.push(await rdd.map((pair) => pair[1]).fold(0, add));
      });
      // Batches that come while the last one is taken note of have no records.
      return { out: () => outs.slice(0, at.slideWords.length).join() };
    },
  };
}
