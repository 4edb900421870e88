import { windowWords } from './scale.mjs';

/**
 * What is measured beside what: the programs of a workload, ours first, with how each is started and which of its fields are compared.
 *
 * `ours` is what follows `main.mjs --ours`, `peer` what follows `peers/run.sh`, `recovery` what follows `peers/recover.sh`. `right`
 * gives what a peer has found and what it must have found, by the values of the scale; ours compares by itself.
 */
export const comparisons = {
  W1: {
    title: 'W1: 4,000,000 lines of 100 bytes, those that contain a word are counted',
    programs: [
      { name: 'Millrace', ours: 'W1' },
      { name: 'Millrace `filter(contains(...))`', ours: 'W1c' },
      { name: 'kafkajs `eachBatch`', peer: ['W1', 'kafkajs'], right: (run, at) => [run.extra, at.errors] },
      { name: 'Spark DStreams `local[2]`', peer: ['W1', 'dstream'], right: (run, at) => [run.out, at.errors] },
    ],
    columns: 'rates',
  },
  W2: {
    title: 'W2: word count of 4,000,000 lines (50,492,364 words), per batch of 500,000 lines',
    programs: [
      { name: 'Millrace', ours: 'W2' },
      { name: 'Millrace `splitWords().countByValue()`', ours: 'W2s' },
      { name: 'Spark DStreams `local[2]`', peer: ['W2', 'dstream'], right: (run, at) => [run.out, at.words] },
    ],
    columns: 'rates',
  },
  W3: {
    title: 'W3: word count over the last ten slides with the inverse function, 100,000 lines (1.26 M words) a slide',
    programs: [
      { name: 'Millrace', ours: 'W3' },
      { name: 'Millrace `splitWords().countByValueAndWindow()`', ours: 'W3s' },
      { name: 'Spark DStreams `local[2]`', peer: ['W3', 'dstream'], right: rightWindows },
    ],
    columns: 'slides',
  },
  W4: {
    title: 'W4: a running count for each of 1,000,000 keys, batches that touch 10,000 and 100,000 of them',
    programs: [
      { name: 'Millrace `mapWithState`', ours: 'W4m' },
      { name: 'Millrace `updateStateByKey`, `touchedOnly`', ours: 'W4t' },
      { name: 'Millrace `updateStateByKey`', ours: 'W4' },
      {
        name: 'Spark DStreams `mapWithState`',
        peer: ['W4m', 'dstream'],
        right: (run, at) => [run.out, at.scaled(3_200_000)],
      },
      {
        name: 'Spark DStreams `updateStateByKey`',
        peer: ['W4u', 'dstream'],
        right: (run, at) => [run.out, at.scaled(1_000_000)],
        besides: 2,
      },
    ],
    columns: 'state',
  },
  growth: {
    title: 'W4 with more keys: `mapWithState`, batches that touch 10,000 and 100,000 of them',
    programs: [
      { name: '1,000,000 keys', ours: 'W4m' },
      { name: '4,000,000 keys', ours: 'W4of4' },
      { name: '10,000,000 keys', ours: 'W4of10' },
    ],
    columns: 'growth',
    topics: ['keys', 'keys4', 'keys10'],
  },
  W5: {
    title:
      'W5: 3,000,000 JSON events: filter, join with a table, count per campaign and 10 s of event time with a watermark',
    programs: [
      { name: 'Millrace', ours: 'W5' },
      {
        name: 'Spark Structured Streaming `local[2]`',
        peer: ['W5', 'structured'],
        right: (run, at) => [run.out, at.views],
      },
      { name: 'Kafka Streams, 2 threads', peer: ['W5', 'kstreams'], right: (run) => [run.complete, true] },
    ],
    columns: 'rates',
  },
  W6: {
    title: 'W6: delay from record to function, 5,000 records a second, batches of 100 ms',
    programs: [
      { name: 'Millrace', ours: 'W6' },
      { name: 'Spark DStreams `local[2]`', peer: ['W6', 'dstream'] },
    ],
    columns: 'delays',
  },
  W6of10: {
    title: 'W6 with batches of 10 ms, for minutes',
    programs: [
      { name: 'Millrace', ours: 'W6of10', forMinutes: true },
      { name: 'Spark DStreams `local[2]`, 25 s', peer: ['W6', 'dstream', '10'] },
    ],
    columns: 'longDelays',
  },
  W7: {
    title: 'W7: killed with a state of 1,000,000 keys, from the start of the process to the first result',
    programs: [
      { name: 'Millrace', ours: 'W7' },
      { name: 'Spark Structured Streaming, RocksDB', recovery: 'structured-rocksdb' },
    ],
    columns: 'recovery',
  },
  start: {
    title: 'Start: from the start of the process to the result of the first batch of a word count, batches of 100 ms',
    programs: [
      { name: '`millrace run`', ours: 'start' },
      {
        name: 'Spark DStreams `local[2]`',
        peer: ['start', 'dstream'],
        right: (run, at) => [run.out, at.firstWords],
      },
    ],
    columns: 'recovery',
  },
};

/** Every window that the peer has given before it was ended. */
function rightWindows({ outs, procMs }, at) {
  const slides = Math.min(outs.length, procMs.length);
  return [outs.slice(0, slides).join(), windowWords(at).slice(0, slides).join()];
}
