import { attemptOf } from '../batch/batch-plan.ts';
import { BatchRunner } from '../batch/batch-runner.ts';
import { type CheckpointFactory, dropUnused, matchProgram } from '../batch/checkpoint.ts';
import { leaveUntouched, recover, type Recovery } from '../batch/recovery.ts';
import { runControl } from '../batch/run-control.ts';
import { host } from '../io/host.ts';
import type { Clock } from '../kernel/clock.ts';
import { messageOf, MillraceError, raise } from '../kernel/errors.ts';
import type { Time } from '../kernel/time.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { StateStoreKind } from '../store/state-store-kind.ts';
import type { PlannedRange, ProgramRecord, StateStore } from '../store/state-store.ts';
import { BatchGraph } from './batch-graph.ts';
import { BatchPlanner } from './batch-planner.ts';
import type { Configuration } from './configuration.ts';
import { endsWithin } from '../kernel/deadline.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import { describeGraph } from './graph-description.ts';
import type { InputNode, InputRun } from './input-node.ts';
import { JobGenerator } from './job-generator.ts';
import { JobScheduler } from './job-scheduler.ts';
import type { ListenerBus } from './listener-bus.ts';
import { OperatorProbe } from './operator-probe.ts';
import { RateController } from './rate-controller.ts';
import { type OpenPlacement, openPlacement } from './threads/open-placement.ts';

export interface StreamingRunOptions {
  readonly appName: string;
  readonly batchMs: number;
  readonly program: DStreamGraph;
  readonly config: Configuration;
  readonly clock: Clock;
  readonly bus: ListenerBus;
  readonly checkpointDir: string | undefined;
  /** Goes on where a checkpoint ended; otherwise one that is there is refused. */
  readonly continues: boolean;
  /** Moves a checkpoint that cannot be read out of the way and begins anew. */
  readonly createOnError: boolean;
  readonly openCheckpoint: CheckpointFactory;
  /** The program has made accumulators. */
  readonly hasAccumulators: boolean;
  readonly onFailure: (error: unknown) => void;
  readonly warn: (text: string) => void;
}

/**
 * A context at work, from start to stop: opens the store and the inputs, runs again what was in flight, then cuts time into batches.
 * Everything that was opened is closed in the reverse order, once.
 */
export class StreamingRun {
  readonly graph: BatchGraph;
  readonly #options: StreamingRunOptions;
  readonly #store: StateStore;
  readonly #inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  readonly #runner: BatchRunner;
  readonly #scheduler: JobScheduler;
  readonly #generator: JobGenerator;
  readonly #recovery: Recovery;
  readonly #threads: OpenPlacement | undefined;
  #closing: Promise<void> | undefined;

  static async start(options: StreamingRunOptions): Promise<StreamingRun> {
    options.program.validate(options.checkpointDir);
    const startedAt = options.clock.now();
    const { withoutEffect } = options.config;
    if (withoutEffect.length > 0) options.warn(`Without effect in this version: ${withoutEffect.join(', ')}.`);
    const awaited = prepareInputs(options.program);
    let store: StateStore;
    try {
      store = await openStore(options);
    } catch (error) {
      await abandon(awaited, options.warn);
      throw error;
    }
    const inputs = new Map<InputNode<unknown>, InputRun<unknown>>();
    let threads: OpenPlacement | undefined;
    try {
      const isNew = store.program === undefined;
      const known = isNew ? programOf(options) : matchStored(store, options);
      const recovery = recover(store, { rerunLastCompleted: options.config.flag('millrace.spark.compat') });
      if (!isNew) dropUnused(store, known);
      await openInputs(options, store, recovery, known.zeroTime, inputs);
      threads = await openPlacement({ ...options, inputs, store, zeroTime: known.zeroTime });
      // Described last: a first start that fails because a source is away leaves no checkpoint behind that a second one trips over.
      if (isNew) matchProgram(store, known);
      const run = new StreamingRun(options, store, inputs, known, { recovery, startedAt, threads });
      await run.#begin();
      return run;
    } catch (error) {
      if (threads !== undefined) await quietly(threads.close(), options.warn);
      for (const input of inputs.values()) await quietly(input.close(), options.warn);
      await abandon(
        awaited.filter((input) => !inputs.has(input)),
        options.warn,
      );
      await quietly(store.close(), options.warn);
      throw error;
    }
  }

  private constructor(
    options: StreamingRunOptions,
    store: StateStore,
    inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>,
    { zeroTime, operators }: ProgramRecord,
    {
      recovery,
      startedAt,
      threads,
    }: { readonly recovery: Recovery; readonly startedAt: Time; readonly threads: OpenPlacement | undefined },
  ) {
    const { program, config, clock, bus, batchMs } = options;
    this.#options = options;
    this.#store = store;
    this.#inputs = inputs;
    this.#recovery = recovery;
    const since = new Map(operators.flatMap(({ id, since: begun }) => (begun === undefined ? [] : [[id, begun]])));
    const { measuring, hasNoEffects } = runControl();
    const probe = measuring === undefined ? undefined : new OperatorProbe(measuring, clock, describeGraph(program));
    this.#threads = threads;
    this.graph = new BatchGraph({
      graph: program,
      config,
      store,
      zeroTime,
      since,
      inputs,
      ...(probe === undefined ? {} : { probe }),
      ...(threads === undefined ? {} : { apart: threads.placement }),
    });
    const rates = new RateController(config, batchMs);
    const planner = new BatchPlanner(program, this.graph, inputs, (input) =>
      rates.limitOf(input, program.inputs.indexOf(input)),
    );
    restoreRanges(planner, this.graph, inputs, recovery);
    this.#runner = new BatchRunner({ store, clock });
    this.#scheduler = new JobScheduler({
      program,
      graph: this.graph,
      planner,
      runner: this.#runner,
      inputs,
      clock,
      bus,
      isCompat: config.flag('millrace.spark.compat'),
      outputTimeoutMs: config.has('millrace.output.timeout') ? config.number('millrace.output.timeout') : undefined,
      concurrentJobs: config.number('spark.streaming.concurrentJobs'),
      startedAt,
      hasNoEffects: hasNoEffects === true,
      probe,
      onFailure: options.onFailure,
      onCompleted: (record) => {
        if (rates.learns) rates.batchCompleted(record.info);
        store.maintain();
      },
      warn: options.warn,
    });
    this.#generator = new JobGenerator(clock, batchMs, recovery.lastBatchTime ?? zeroTime, (times) => {
      this.#scheduler.submit(times);
    });
  }

  /** For tools that look at what runs: they read, and change nothing. */
  get store(): StateStore {
    return this.#store;
  }

  /** What an earlier process left and this one took over; undefined for a first start. */
  get recovery(): Recovery {
    return this.#recovery;
  }

  /** Stops cutting batches and waits for what may still run; then closes everything. May be called again. */
  async stop(graceful: boolean): Promise<void> {
    this.#closing ??= this.#stop(graceful);
    await this.#closing;
  }

  async #begin(): Promise<void> {
    const { bus, clock } = this.#options;
    bus.post('onStreamingStarted', { time: clock.now() });
    for (const input of this.#inputs.values()) await input.begin?.(this.#threads !== undefined);
    await this.#scheduler.rerun(this.#recovery.rerun);
    this.#generator.start();
  }

  async #stop(graceful: boolean): Promise<void> {
    const { clock, config, batchMs, warn } = this.#options;
    const stopReceiving = Promise.all(
      Array.from(this.#inputs.values(), async (input) => {
        await quietly(input.stopReceiving?.() ?? Promise.resolve(), warn);
      }),
    );
    if (graceful) {
      await stopReceiving;
      const limitMs = config.has('spark.streaming.gracefulStopTimeout')
        ? config.number('spark.streaming.gracefulStopTimeout')
        : 10 * batchMs;
      // Spark lets two more boundaries become batches, so that what receivers hold is processed.
      await endsWithin(clock, this.#generator.stopAfter(this.#generator.last + 2 * batchMs), limitMs);
      this.#generator.stop();
      await this.#scheduler.drain();
    } else {
      this.#generator.stop();
      this.#scheduler.close();
      if (!(await endsWithin(clock, this.#scheduler.current(), config.number('millrace.stop.timeout')))) {
        this.#scheduler.drop();
        warn('The running batch did not end in time and is dropped; it runs again at the next start.');
      }
    }
    this.#scheduler.close();
    const flushed = this.#runner.flush();
    if (flushed?.kind === 'failed') warn(`The last empty batches were not committed: ${messageOf(flushed.error)}`);
    this.#leaveUntouched();
    for (const output of this.#options.program.outputs)
      if (output.close !== undefined) await quietly(output.close(), warn);
    if (this.#threads !== undefined) {
      const closing = quietly(this.#threads.close(), warn);
      clock.hold(closing);
      await closing;
    }
    for (const input of this.#inputs.values()) await quietly(input.close(), warn);
    await this.#store.close();
  }

  #leaveUntouched(): void {
    // What an earlier process had begun stays so, also when this one ends before its turn comes.
    const begunBefore = this.#recovery.rerun.filter((plan) => attemptOf(plan) > 1).map(({ batchTime }) => batchTime);
    try {
      leaveUntouched(this.#store, Math.max(this.#scheduler.lastBegun, ...begunBefore));
    } catch (error) {
      this.#options.warn(`The planned batches could not be marked: ${messageOf(error)}`);
    }
  }
}

async function openStore(options: StreamingRunOptions): Promise<StateStore> {
  const { checkpointDir, continues, appName, clock, config, warn, program } = options;
  const stateStore = config.text('millrace.state.store') as StateStoreKind;
  if (checkpointDir === undefined) {
    if (stateStore !== 'memory-table')
      warn(`Without a checkpoint directory state is kept in memory, not as ${stateStore}.`);
    return new MemoryStore({ retainVersions: 1, clock });
  }
  const store = await openReadable(options, checkpointDir, {
    appName,
    clock,
    retainVersions: config.number('millrace.checkpoint.retainVersions'),
    stateStore,
    cacheBytes: config.number('millrace.state.cacheBytes'),
    warn,
  });
  if (store.program === undefined) {
    const lost = program.inputs.find((input) => !input.isReplayable);
    if (lost !== undefined) {
      warn(`${program.ids.of(lost)} cannot be read again: this program runs, but its checkpoint cannot be continued.`);
    }
    return store;
  }
  try {
    if (!continues) raise('CHECKPOINT_EXISTS', { directory: checkpointDir });
    if (program.inputs.some((input) => !input.isReplayable)) {
      raise('STREAM_QUEUE_NOT_RECOVERABLE', { directory: checkpointDir });
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

/** Damaged, or of a format that is not known: Spark's `createOnError` is for these. Others can be mended, and are told. */
const unreadable = new Set(['CHECKPOINT_DAMAGED', 'CHECKPOINT_FORMAT']);

async function openReadable(
  { openCheckpoint, createOnError, clock, warn }: StreamingRunOptions,
  directory: string,
  options: Parameters<CheckpointFactory>[1],
): Promise<StateStore> {
  try {
    return await openCheckpoint(directory, options);
  } catch (error) {
    if (!createOnError || !(error instanceof MillraceError) || !unreadable.has(error.code)) throw error;
    const aside = `${directory}.unreadable-${clock.now()}`;
    await host().files.move(directory, aside);
    warn(`${error.message} It is kept as ${aside}, and the program begins anew.`);
    return await openCheckpoint(directory, options);
  }
}

function programOf({ appName, batchMs, clock, program }: StreamingRunOptions): ProgramRecord {
  return {
    appName,
    batchIntervalMs: batchMs,
    zeroTime: Math.floor(clock.now() / batchMs) * batchMs,
    operators: program
      .reachable()
      .filter((node) => node.hasCursor)
      .map((node) => ({ id: program.ids.of(node), partitions: node.statePartitions, kind: node.step.method })),
    inputs: program.inputs
      .filter((input) => program.reachable().includes(input))
      .map((input) => ({ id: program.ids.of(input), kind: input.step.method })),
  };
}

function matchStored(store: StateStore, options: StreamingRunOptions): ProgramRecord {
  return matchProgram(store, programOf(options), {
    dropMissing: options.config.flag('millrace.checkpoint.dropMissingState'),
    allowNew: options.config.flag('millrace.checkpoint.allowNewState'),
  });
}

/** Inputs begin to connect while the store is opened. Gives those that are used. */
function prepareInputs(program: DStreamGraph): readonly InputNode<unknown>[] {
  const needed = new Set<unknown>(program.reachable());
  const inputs = program.inputs.filter((input) => needed.has(input));
  for (const input of inputs) input.prepare?.();
  return inputs;
}

async function abandon(inputs: readonly InputNode<unknown>[], warn: (text: string) => void): Promise<void> {
  for (const input of inputs) if (input.abandon !== undefined) await quietly(input.abandon(), warn);
}

async function openInputs(
  options: StreamingRunOptions,
  store: StateStore,
  recovery: Recovery,
  zeroTime: Time,
  opened: Map<InputNode<unknown>, InputRun<unknown>>,
): Promise<void> {
  const { program, config, clock, batchMs, bus, warn, checkpointDir } = options;
  const received = checkpointDir === undefined ? undefined : store.received;
  const shared = program.sharedInputs();
  const needed = new Set<unknown>(program.reachable());
  for (const [streamId, input] of program.inputs.entries()) {
    if (!needed.has(input)) continue;
    const id = program.ids.of(input);
    const isShared = shared.has(input);
    const context = { id, clock, config, zeroTime, batchMs, isShared, streamId, bus, received, warn };
    opened.set(input, await input.open(recovery.offsets[id], context));
  }
}

/** Ranges of earlier batches that a window may still ask its input for. */
function restoreRanges(
  planner: BatchPlanner,
  graph: BatchGraph,
  inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>,
  recovery: Recovery,
): void {
  const retained = (recovery.last?.meta['retained'] ?? {}) as Readonly<Record<string, readonly PlannedRange[]>>;
  for (const node of inputs.keys()) planner.restore(node, retained[graph.idOf(node)] ?? []);
}

async function quietly(closing: Promise<void>, warn: (text: string) => void): Promise<void> {
  try {
    await closing;
  } catch (error) {
    warn(`Closing failed: ${messageOf(error)}`);
  }
}
