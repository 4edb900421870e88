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
  /** The folder of `samples/` that it lies in. */
  readonly engine?: 'structured';
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

/** Clicks of three users, one file for each batch: the last has one that is too late. */
const clickFiles: Readonly<Record<string, string>> = {
  'clicks-1.json': jsonLines(['ann', '/tea', '12:00:02'], ['bob', '/cake', '12:00:04'], ['ann', '/pay', '12:00:08']),
  'clicks-2.json': jsonLines(['bob', '/pay', '12:00:13'], ['cid', '/tea', '12:00:14']),
  'clicks-3.json': jsonLines(['ann', '/tea', '12:00:09'], ['cid', '/pay', '12:00:19'], ['bob', '/tea', '12:00:27']),
  'clicks-4.json': jsonLines(['cid', '/cake', '12:00:40']),
  'clicks-5.json': jsonLines(['ann', '/cake', '12:00:05'], ['cid', '/tea', '12:01:00']),
};

function jsonLines(...clicks: readonly (readonly [user: string, page: string, at: string])[]): string {
  return clicks.map(([user, page, at]) => `${JSON.stringify({ user, page, at: `2026-01-01T${at}Z` })}\n`).join('');
}

/** Ends by itself: its queries take what is there and no more. */
function onFiles(name: string, summary: string, files: Readonly<Record<string, string>>): Sample {
  return { name, summary, engine: 'structured', topics: [], files, batches: 1000 };
}

/** Reads a topic that is named without the first word of the sample's name, and ends by itself. */
function onTopic(name: string, summary: string, records: readonly SampleRecord[]): Sample {
  const topic = { name: name.replace('lesson-', ''), partitions: 1, records };
  return { name, summary, engine: 'structured', topics: [topic], batches: 1000 };
}

const structured: readonly Sample[] = [
  onFiles('output-modes', 'The same count in append, update and complete mode.', clickFiles),
  onFiles('tumbling-window', 'Counts by user in windows that follow each other.', clickFiles),
  onFiles('sliding-window', 'Counts in windows that overlap, the whole table every time.', clickFiles),
  onFiles('session-window', 'Cuts the clicks of each user into sessions.', clickFiles),
  onFiles('late-data', 'Shows the watermark of each batch, and what comes too late for it.', clickFiles),
  onFiles('deduplicate', 'Lets each order through once, within a watermark.', {
    'orders-1.json':
      '{"id":1,"user":"ann","amount":"20.00","at":"2026-01-01T12:00:00Z"}\n{"id":2,"user":"bob","amount":"5.50","at":"2026-01-01T12:00:10Z"}\n',
    'orders-2.json':
      '{"id":2,"user":"bob","amount":"5.50","at":"2026-01-01T12:00:10Z"}\n{"id":3,"user":"cid","amount":"7.25","at":"2026-01-01T12:00:30Z"}\n',
    'orders-3.json':
      '{"id":1,"user":"ann","amount":"20.00","at":"2026-01-01T12:00:00Z"}\n{"id":4,"user":"ann","amount":"1.00","at":"2026-01-01T12:00:40Z"}\n',
  }),
  onFiles('stream-stream-join', 'Joins orders with payments, and tells which order had none.', {
    'orders-1.json':
      '{"id":1,"amount":20,"at":"2026-01-01T12:00:00Z"}\n{"id":2,"amount":5,"at":"2026-01-01T12:00:10Z"}\n',
    'orders-2.json': '{"id":3,"amount":7,"at":"2026-01-01T12:01:30Z"}\n',
    'payments-1.json': '{"id":1,"at":"2026-01-01T12:00:12Z"}\n',
    'payments-2.json': '{"id":3,"at":"2026-01-01T12:01:40Z"}\n',
  }),
  onFiles('foreach-batch', 'Hands every batch to the program as a DataFrame.', clickFiles),
  {
    name: 'rate-source',
    summary: 'Numbers at a rate, on a clock that is moved by hand.',
    engine: 'structured',
    topics: [],
    batches: 1000,
  },
  onFiles('state-with-timers', 'Keeps a visit for each user, which a timer ends.', clickFiles),
  onTopic('lesson-exercise-1', 'Windows over JSON from Kafka: refused as the lesson has it, then mended.', [
    { value: '{"id":"1","value":1,"timestamp":"2024-01-01 00:00:01"}' },
    { value: '{"id":"2","value":2,"timestamp":"2024-01-01 00:00:07"}' },
    { value: '{"id":"3","value":3,"timestamp":"2024-01-01 00:01:02"}' },
  ]),
  onTopic('lesson-exercise-2', 'Sums by key over Kafka: refused as the lesson has it, then mended.', [
    { key: 'a', value: '10' },
    { key: 'b', value: '5' },
    { key: 'a', value: '7' },
  ]),
];

const streaming: readonly Sample[] = [
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

/** The samples in the order in which they are best read. */
export const samples: readonly Sample[] = [...streaming, ...structured];

export function findSample(name: string): Sample {
  return (
    samples.find((sample) => sample.name === name) ??
    raise('CLI_SAMPLE_UNKNOWN', { name, known: samples.map((sample) => sample.name).join(', ') })
  );
}

/** The program as people read it. */
export function sampleSource(sample: Sample): string {
  return join(packageFolder, 'samples', sample.engine ?? 'streaming', `${sample.name}.ts`);
}

/** The program as the package ships it: no transform is needed to run it. */
export function sampleProgram(sample: Sample): string {
  return join(packageFolder, 'dist', 'samples', `${sample.name}.js`);
}
