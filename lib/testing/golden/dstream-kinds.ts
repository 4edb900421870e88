import { raise } from '../../kernel/errors.ts';
import { nextTurn } from '../../kernel/turns.ts';
import { type FileSystem, host, installHost } from '../../io/host.ts';
import { ManualClock } from '../../kernel/manual-clock.ts';
import type { StreamingListener } from '../../streaming/events.ts';
import { DStream } from '../../streaming/dstream.ts';
import { PidRateEstimator } from '../../streaming/pid-rate-estimator.ts';
import { clockOf, type GoldenCheckpoints, GoldenContext, type Recorded } from './golden-context.ts';
import type { DStreamCase, DStreamFile } from './golden-file.ts';

/** What a case gave, beside what was recorded; compared part by part. */
export interface Compared {
  readonly what: string;
  readonly expected: readonly unknown[];
  readonly actual: readonly unknown[];
  /** Order within a batch is part of it. */
  readonly ordered: boolean;
}

type RunCase = (
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
) => Promise<readonly Compared[]>;

/** Kinds of files whose text is a sketch: they are driven by their data. Everything else is a program over streams. */
const kinds: Readonly<Record<string, RunCase>> = {
  jobs: runJobs,
  listener: runListener,
  print: runPrint,
  queueStream: runQueueStream,
  remember: runRemember,
  slice: runSlice,
  saveAsTextFiles: runSaveAsTextFiles,
  gracefulStop: runGracefulStop,
  recovery: runRecovery,
  pidRateEstimator: runPidRateEstimator,
};

/** Runs a case as its kind says. */
export async function runDStreamCase(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  return await (kinds[file.operator] ?? runProgram)(goldenCase, file, checkpoints);
}

/** A case whose text is the program. */
async function runProgram(
  goldenCase: DStreamCase,
  { batchMs }: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, batchMs, clockOf(goldenCase), checkpoints);
  const out: Recorded = [];
  const states: Recorded = [];
  const stream = context.evaluate() as DStream<unknown> & { stateSnapshots?: () => DStream<unknown> };
  const { checkpointMs } = goldenCase.params;
  // Most texts say it themselves; where one does not, its data do.
  if (checkpointMs !== undefined && stream.stateSnapshots !== undefined) stream.checkpoint(checkpointMs);
  context.record(stream, out);
  if (goldenCase.expectedState !== undefined && stream.stateSnapshots !== undefined) {
    context.record(stream.stateSnapshots(), states);
  }
  await context.run(batchesOf(goldenCase));
  const compared = byTime('output', goldenCase.expected, goldenCase.expectedTimes, out, isOrdered(goldenCase));
  return goldenCase.expectedState === undefined
    ? compared
    : [
        ...compared,
        ...byTime('state', goldenCase.expectedState, goldenCase.expectedStateTimes, states, isOrdered(goldenCase)),
      ];
}

async function runJobs(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const jobs: unknown[] = [];
  const record = (label: string, time: number): void => {
    jobs.push([time, label]);
  };
  context.evaluate(
    Object.fromEntries(Object.entries(context.streams).map(([name, stream]) => [name, labelled(stream, record)])),
  );
  await context.ssc.start();
  await context.clock.advance((goldenCase.params.clockJumpsToMs ?? 0) - context.clock.now());
  await context.ssc.stop();
  return [{ what: 'jobs', expected: goldenCase.expected, actual: jobs, ordered: true }];
}

/** A stream whose `foreachRDD` takes a label for the operation, and gives such streams in turn. */
function labelled(stream: DStream<unknown>, record: (label: string, time: number) => void): DStream<unknown> {
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'foreachRDD') {
        return (label: string) => {
          target.foreachRDD(async (rdd, time) => {
            await rdd.count();
            record(label, time);
          });
        };
      }
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = (member as (...all: unknown[]) => unknown).apply(target, args);
        return result instanceof DStream ? labelled(result as DStream<unknown>, record) : result;
      };
    },
  });
}

async function runListener(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const events: unknown[] = [];
  const listener: StreamingListener = {
    onStreamingStarted: () => events.push(['StreamingStarted']),
    onBatchSubmitted: ({ batchInfo }) => events.push(['BatchSubmitted', batchInfo.batchTime]),
    onBatchStarted: ({ batchInfo }) => events.push(['BatchStarted', batchInfo.batchTime]),
    onBatchCompleted: ({ batchInfo }) => events.push(['BatchCompleted', batchInfo.batchTime]),
    onOutputOperationStarted: ({ outputOperationInfo: { batchTime, id } }) =>
      events.push(['OutputOperationStarted', batchTime, id]),
    onOutputOperationCompleted: ({ outputOperationInfo: { batchTime, id } }) =>
      events.push(['OutputOperationCompleted', batchTime, id]),
  };
  context.ssc.addStreamingListener(listener);
  context.evaluate({ f: () => undefined });
  await context.run(batchesOf(goldenCase));
  return [{ what: 'events', expected: goldenCase.expected, actual: events, ordered: true }];
}

async function runPrint(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  let text = '';
  context.ssc.setPrinter((part) => {
    text += part;
  });
  context.evaluate();
  await context.run(batchesOf(goldenCase));
  return [{ what: 'text', expected: goldenCase.expected, actual: text.split('\n'), ordered: true }];
}

async function runQueueStream(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const { sparkContext } = context.ssc;
  const { oneAtATime = true, defaultRdd } = goldenCase.params;
  const queue = (goldenCase.queue ?? []).map((values) => sparkContext.parallelize(values as readonly number[]));
  const whenEmpty =
    defaultRdd === undefined || defaultRdd === null
      ? defaultRdd
      : sparkContext.parallelize(defaultRdd as readonly number[]);
  const out: Recorded = [];
  context.record(context.ssc.queueStream(queue, oneAtATime, whenEmpty), out);
  await context.run(batchesOf(goldenCase));
  return byTime('output', goldenCase.expected, goldenCase.expectedTimes, out, isOrdered(goldenCase));
}

async function runRemember(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  // Recorded without a checkpoint directory, which has its own say in how long batches are kept.
  const withoutDirectory = { ...goldenCase, params: { ...goldenCase.params, checkpointDir: false } };
  const context = new GoldenContext(withoutDirectory, file.batchMs, clockOf(goldenCase), checkpoints);
  const stream = context.evaluate() as DStream<unknown>;
  stream.foreachRDD(async (rdd) => {
    await rdd.count();
  });
  const held: Recorded = [];
  await context.ssc.start();
  for (let batch = 1; batch <= batchesOf(goldenCase); batch++) {
    await context.clock.advance(file.batchMs);
    const input = context.s as DStream<unknown>;
    held.push([context.clock.now(), context.ssc.run?.graph.timesOf(input.node) ?? []]);
  }
  await context.ssc.stop();
  return byTime('held', goldenCase.expected, goldenCase.expectedTimes, held, true);
}

async function runSlice(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const { fromMs = 0, toMs = 0 } = goldenCase.params;
  const stream = context.evaluate() as DStream<unknown>;
  context.record(stream, []);
  await context.ssc.start();
  await context.clock.advance(batchesOf(goldenCase) * file.batchMs);
  const batches: unknown[] = [];
  for (const rdd of await stream.slice(fromMs, toMs)) batches.push(await rdd.collect());
  await context.ssc.stop();
  return [{ what: 'slice', expected: goldenCase.expected, actual: batches, ordered: isOrdered(goldenCase) }];
}

async function runSaveAsTextFiles(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const written: [string, string][] = [];
  const before = host();
  // What is written, by whatever stream of the text, goes here and not to the disk.
  installHost({ ...before, files: { ...before.files, ...filesInto(written) } });
  try {
    context.evaluate();
    await context.run(batchesOf(goldenCase));
  } finally {
    installHost(before);
  }
  return [{ what: 'files', expected: byPath(goldenCase.expected), actual: byPath(written), ordered: true }];
}

function byPath(files: readonly unknown[]): readonly unknown[] {
  return files.map((file) => file as readonly [string, string]).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A file system that only takes folders. */
function filesInto(written: [string, string][]): Pick<FileSystem, 'exists' | 'writeFolder'> {
  return {
    exists: () => Promise.resolve(false),
    async writeFolder(folder, files) {
      for await (const [name, lines] of files) {
        let text = '';
        for await (const line of lines) text += `${line}\n`;
        written.push([`${folder}/${name}`, text]);
      }
    },
  };
}

async function runGracefulStop(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const context = new GoldenContext(goldenCase, file.batchMs, clockOf(goldenCase), checkpoints);
  const { graceful = false, batchTakesMs = 0, stopRequestedAtMs = 0, clockStepMs = 1000 } = goldenCase.params;
  const out: Recorded = [];
  const recorded = async (rdd: { collect(): Promise<unknown[]> }, time: number): Promise<void> => {
    // The clock stands still while a batch runs: how long it takes shows in turns of the event loop.
    for (let turn = 0; turn < batchTakesMs; turn++) await nextTurn();
    out.push([time, await rdd.collect()]);
  };
  context.evaluate({ recorded });
  await context.ssc.start();
  await context.clock.advance(stopRequestedAtMs - context.clock.now());
  const stopping = context.ssc.stop({ graceful });
  const isStopped = (): boolean => context.ssc.getState() === 'STOPPED';
  await context.clock.idle();
  const waited = !isStopped();
  for (let step = 0; step < 20 && !isStopped(); step++) {
    await context.clock.advance(clockStepMs);
    await context.clock.idle();
  }
  await stopping;
  // Boundaries after the end are no batches.
  await context.clock.advance(5 * file.batchMs);
  return [
    ...byTime('output', goldenCase.expected, goldenCase.expectedTimes, out, isOrdered(goldenCase)),
    ...(goldenCase.stopWaitedForNextBoundary === undefined
      ? []
      : [{ what: 'stop waited', expected: [goldenCase.stopWaitedForNextBoundary], actual: [waited], ordered: true }]),
  ];
}

async function runRecovery(
  goldenCase: DStreamCase,
  file: Omit<DStreamFile, 'cases'>,
  checkpoints: GoldenCheckpoints,
): Promise<readonly Compared[]> {
  const { stopAfterMs = 0, clockAtRestartMs = 0, batchesAfterRestart = 0, outputFailsAtMs } = goldenCase.params;
  const directory = checkpoints.directory();
  const { StreamingContext } = await import('../../streaming/streaming-context.ts');
  const start = async (clock: ManualClock, out: Recorded, failsAt: number | undefined): Promise<GoldenContext> => {
    let context: GoldenContext | undefined;
    const ssc = await StreamingContext.getOrCreate(directory, () => {
      const made = new GoldenContext(goldenCase, file.batchMs, clock, checkpoints, directory);
      (made.evaluate() as DStream<unknown>).foreachRDD(async (rdd, time) => {
        if (time === failsAt) raise('TESTING_DEATH', {});
        out.push([time, await rdd.collect()]);
      });
      context = made;
      return made.ssc;
    });
    await ssc.start();
    return context as GoldenContext;
  };
  const before: Recorded = [];
  const first = await start(clockOf(goldenCase), before, outputFailsAtMs);
  await first.clock.advance(stopAfterMs - first.clock.now());
  await first.ssc.stop();
  const after: Recorded = [];
  const second = await start(new ManualClock(clockAtRestartMs), after, undefined);
  await second.clock.idle();
  await second.clock.advance(batchesAfterRestart * file.batchMs);
  await second.ssc.stop();
  return [
    ...byTime(
      'before the stop',
      goldenCase.beforeStop ?? [],
      goldenCase.beforeStopTimes,
      before,
      isOrdered(goldenCase),
    ),
    ...byTime('after the restart', goldenCase.expected, goldenCase.expectedTimes, after, isOrdered(goldenCase)),
  ];
}

function runPidRateEstimator(goldenCase: DStreamCase): Promise<readonly Compared[]> {
  const { batchMs = 1000, proportional = 1, integral = 0.2, derivative = 0, minRate = 100 } = goldenCase.params;
  const estimator = new PidRateEstimator({ batchMs, proportional, integral, derivative, minRate });
  const actual = (goldenCase.calls ?? []).map((call) => estimator.compute(...call));
  return Promise.resolve([{ what: 'rates', expected: goldenCase.expected, actual, ordered: true }]);
}

function byTime(
  what: string,
  expected: readonly unknown[],
  expectedTimes: readonly number[] | undefined,
  actual: Recorded,
  ordered: boolean,
): readonly Compared[] {
  const values = { what, expected, actual: actual.map(([, value]) => value), ordered };
  return expectedTimes === undefined
    ? [values]
    : [
        { what: `times of ${what}`, expected: expectedTimes, actual: actual.map(([time]) => time), ordered: true },
        values,
      ];
}

function batchesOf({ params, inputs, inputs2, inputs3, queue }: DStreamCase): number {
  return params.batches ?? Math.max(0, ...[inputs, inputs2, inputs3, queue].map((batches) => batches?.length ?? 0));
}

function isOrdered({ ordered }: DStreamCase): boolean {
  return ordered ?? true;
}
