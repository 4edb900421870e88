/**
 * What is measured beside what: the programs of a workload, ours first, with how each is started and which of its fields are compared.
 *
 * `run` is what follows `main.mjs --ours` or `peers/run.sh`; `right` is the field with the check value and the value it must have.
 */
export const comparisons = {
  W1: {
    title: 'W1: 4,000,000 lines of 100 bytes, those that contain a word are counted',
    programs: [
      { name: 'Millrace', ours: 'W1' },
      { name: 'kafkajs `eachBatch`', peer: ['W1', 'kafkajs'], right: ['extra', 79_981] },
      { name: 'Spark DStreams `local[2]`', peer: ['W1', 'dstream'], right: ['out', 79_981] },
    ],
    columns: 'rates',
  },
  W2: {
    title: 'W2: word count of 4,000,000 lines (50,492,364 words), per batch of 500,000 lines',
    programs: [
      { name: 'Millrace', ours: 'W2' },
      { name: 'Spark DStreams `local[2]`', peer: ['W2', 'dstream'], right: ['out', 50_492_364] },
    ],
    columns: 'rates',
  },
  W4: {
    title: 'W4: a running count for each of 1,000,000 keys, batches that touch 100,000 of them',
    programs: [
      { name: 'Millrace `updateStateByKey`', ours: 'W4' },
      { name: 'Millrace `updateStateByKey`, `touchedOnly`', ours: 'W4t' },
      { name: 'Spark DStreams `updateStateByKey`', peer: ['W4u', 'dstream'], right: ['out', 1_000_000] },
      { name: 'Spark DStreams `mapWithState`', peer: ['W4m', 'dstream'], right: ['out', 3_200_000] },
    ],
    columns: 'state',
  },
  W5: {
    title:
      'W5: 3,000,000 JSON events: filter, join with a table, count per campaign and 10 s of event time with a watermark',
    programs: [
      { name: 'Millrace', ours: 'W5' },
      { name: 'Spark Structured Streaming `local[2]`', peer: ['W5', 'structured'] },
      { name: 'Kafka Streams, 2 threads', peer: ['W5', 'kstreams'] },
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
};
