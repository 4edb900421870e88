import { join } from 'node:path';
import { raise } from '../../kernel/errors.ts';
import { packageFolder } from '../package.ts';

/** A topic that a sample reads or writes, and what is in it before the sample starts. */
interface SampleTopic {
  readonly name: string;
  readonly partitions: number;
  /** Sent in this order; the key is absent unless given. */
  readonly records: readonly SampleRecord[];
}

interface SampleRecord {
  readonly key?: string;
  readonly value: string;
}

/** One program in `samples/`. */
export interface Sample {
  readonly name: string;
  readonly summary: string;
  /** None: it brings its own data and needs no broker. */
  readonly topics: readonly SampleTopic[];
  /** Sent to whoever connects, by a server whose host and port the program is given as arguments. */
  readonly socketLines?: readonly string[];
  /** Written to a folder that the program is given as its argument: contents by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** When `samples run` stops it. */
  readonly batches: number;
  /** Runs twice on one checkpoint: the first run is given `die` as argument and kills itself. */
  readonly isKilled?: true;
  /** Printed when it has ended: what it wrote to this topic. */
  readonly output?: string;
}

const lines = [
  'to be or not to be',
  'that is the question',
  'to die to sleep',
  'to sleep perchance to dream',
  'be all my sins remembered',
  'that is the dream',
];

const text: SampleTopic = { name: 'lines', partitions: 1, records: lines.map((value) => ({ value })) };

const orders: SampleTopic = {
  name: 'orders',
  partitions: 1,
  records: [
    { key: 'ann', value: '{"id":1,"user":"ann","amount":20}' },
    { key: 'bob', value: '{"id":2,"user":"bob","amount":-1}' },
    { key: 'cid', value: '{"id":3,"user":"cid","amount":7}' },
    { key: 'ann', value: 'not JSON at all' },
    { key: 'ann', value: '{"id":5,"user":"ann","amount":5}' },
    { key: 'bob', value: '{"id":6,"user":"bob","amount":12}' },
  ],
};

const letters: SampleTopic = {
  name: 'letters',
  partitions: 1,
  records: ['a b', 'a', 'b c', 'c', 'd', 'a'].map((value) => ({ value })),
};

const clicks: SampleTopic = {
  name: 'clicks',
  partitions: 1,
  records: [
    { key: 'ann', value: '/tea' },
    { key: 'bob', value: '/cake' },
    { key: 'ann', value: '/cart' },
    { key: 'ann', value: '/pay' },
    { key: 'cid', value: '/soup' },
    { key: 'cid', value: '/cart' },
    { key: 'cid', value: '/pay' },
    { key: 'bob', value: '/tea' },
  ],
};

const burst: SampleTopic = {
  name: 'burst',
  partitions: 1,
  records: Array.from({ length: 5000 }, (_, i) => ({ key: String(i), value: `record ${i}` })),
};

/** The samples in the order in which they are best read. */
export const samples: readonly Sample[] = [
  { name: 'word-count', summary: 'Counts the words of each batch of a topic.', topics: [text], batches: 3 },
  {
    name: 'stateful-count',
    summary: 'Keeps a total for each word in the checkpoint, with updateStateByKey.',
    topics: [text],
    batches: 3,
  },
  {
    name: 'windowed-count',
    summary: 'Counts words over a sliding window, adding what enters and taking off what leaves.',
    topics: [text],
    batches: 4,
  },
  {
    name: 'windows',
    summary: 'Every kind of window over the same letters, with and without an inverse function.',
    topics: [letters],
    batches: 6,
  },
  { name: 'top-k', summary: 'Prints the three most frequent words so far.', topics: [text], batches: 3 },
  {
    name: 'state-timeout',
    summary: 'Keeps a visit for each user with mapWithState, until the user is idle for a second.',
    topics: [clicks],
    batches: 9,
  },
  {
    name: 'joins',
    summary: 'Joins two streams batch by batch in all four ways, over windows, and with a table.',
    topics: [],
    batches: 2,
  },
  {
    name: 'transform-join',
    summary: 'Joins each batch with a table that does not change, by transform.',
    topics: [],
    batches: 3,
  },
  {
    name: 'kafka-etl',
    summary: 'Reads JSON from a topic, drops what is wrong, writes the rest to another topic.',
    topics: [orders, { name: 'clean-orders', partitions: 1, records: [] }],
    batches: 3,
    output: 'clean-orders',
  },
  {
    name: 'backpressure',
    summary: 'Meets a burst: batches become as large as the program can keep up with.',
    topics: [burst],
    batches: 12,
  },
  {
    name: 'recover-after-kill',
    summary: 'Is killed in the middle of a batch and goes on: every record counts once.',
    topics: [text],
    batches: 3,
    isKilled: true,
  },
  {
    name: 'network-word-count',
    summary: 'Counts the words of lines that a TCP server sends (nc -lk 9999).',
    topics: [],
    socketLines: lines,
    batches: 4,
  },
  {
    name: 'file-stream',
    summary: 'Reads the files that are new in a folder, each once.',
    topics: [],
    files: {
      'orders-1.csv': 'ann,20\nbob,5\nann,1\n',
      'orders-2.csv': 'cid,7\nbob,2\n',
      '.orders-3.csv.part': 'ann,1000\n',
    },
    batches: 2,
  },
  {
    name: 'custom-receiver',
    summary: 'Receives records from anywhere by a class of its own, with a log that survives a crash.',
    topics: [],
    batches: 4,
  },
  { name: 'queue-stream', summary: 'Feeds batches from arrays, for tests and first steps.', topics: [], batches: 3 },
];

export function findSample(name: string): Sample {
  return (
    samples.find((sample) => sample.name === name) ??
    raise('CLI_SAMPLE_UNKNOWN', { name, known: samples.map((sample) => sample.name).join(', ') })
  );
}

/** The program as people read it. */
export function sampleSource(sample: Sample): string {
  return join(packageFolder, 'samples', 'streaming', `${sample.name}.ts`);
}

/** The program as the package ships it: no transform is needed to run it. */
export function sampleProgram(sample: Sample): string {
  return join(packageFolder, 'dist', 'samples', `${sample.name}.js`);
}
