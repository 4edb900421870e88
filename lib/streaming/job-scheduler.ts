import { isEmptyPlan } from '../batch/batch-plan.ts';
import { type BatchContext, type BatchOutcome, type BatchRunner, maxSharedBatches } from '../batch/batch-runner.ts';
import { passGate } from '../batch/run-control.ts';
import type { Clock } from '../kernel/clock.ts';
import { nextTurnIfDue } from '../kernel/turns.ts';
import { failure, located, messageOf, type MillraceError, raise } from '../kernel/errors.ts';
import type { Time } from '../kernel/time.ts';
import { count } from '../rdd/actions/count.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import type { BatchPlan } from '../store/state-store.ts';
import type { BatchGraph } from './batch-graph.ts';
import type { BatchPlanner } from './batch-planner.ts';
import { BatchRecord } from './batch-record.ts';
import { endsWithin } from '../kernel/deadline.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import type { OutputOperationInfo } from './events.ts';
import { Fifo } from './fifo.ts';
import type { InputNode, InputRun } from './input-node.ts';
import type { ListenerBus } from './listener-bus.ts';
import type { OperatorProbe } from './operator-probe.ts';
import type { OutputOperation } from './output-operation.ts';

export interface JobSchedulerOptions {
  readonly program: DStreamGraph;
  readonly graph: BatchGraph;
  readonly planner: BatchPlanner;
  readonly runner: BatchRunner;
  readonly inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  readonly clock: Clock;
  readonly bus: ListenerBus;
  /** Spark's rules for failures: the batch counts as done, later ones go on. */
  readonly isCompat: boolean;
  readonly outputTimeoutMs: number | undefined;
  /** Output operations of a batch that may be at work at a time. */
  readonly concurrentJobs: number;
  /** Output operations get nothing: their data is computed and dropped. */
  readonly hasNoEffects: boolean;
  /** Looks at what each step gives; undefined unless somebody asked. */
  readonly probe: OperatorProbe | undefined;
  /** Boundaries up to here had passed when the context started. */
  readonly startedAt: Time;
  /** Told of every failure of a batch. Ours stops the context. */
  readonly onFailure: (error: unknown) => void;
  readonly onCompleted: (record: BatchRecord) => void;
  readonly warn: (text: string) => void;
}

/** A boundary that has come. */
interface DueTime {
  readonly time: Time;
  /** Another one came at the same moment, before it. */
  readonly isBacklog: boolean;
}

/** One output operation of one batch, with the data it gets. */
interface Job {
  readonly id: number;
  readonly output: OutputOperation;
  readonly rdd: RddNode<unknown>;
}

/**
 * Of a backlog so many batches are planned ahead of the one that runs: what a day has left need not all be in memory. Boundaries that
 * come meanwhile are planned behind it.
 */
const plannedAhead = 1000;

/**
 * Empty batches share a commit only while more than so many wait behind them, as after a night. A kill makes batches that share one run
 * again together; below this every batch has a commit of its own, so that at most one runs again.
 */
const sharedCommitBacklog = 120;

/**
 * Takes batch times, plans each as it comes, and runs the planned batches strictly in order, one at a time.
 *
 * ```
 * times -> [planning] -> planned -> [running: plan durable, jobs made, operations in order, settled, committed]
 * ```
 * The plan of a batch that waits already becomes durable with the commit before it.
 *
 * Planning goes on while a batch runs, so that a batch covers what was there at its boundary however late it runs.
 */
export class JobScheduler {
  readonly #options: JobSchedulerOptions;
  readonly #times = new Fifo<DueTime>();
  readonly #planned = new Fifo<BatchRecord>();
  readonly #durable = new Set<BatchPlan>();
  /** Durable, and marked as such there. */
  readonly #mayShare = new Set<BatchPlan>();
  #planning: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;
  #tellClosed: (() => void) | undefined;
  readonly #closed: Promise<void> = new Promise((resolve) => {
    this.#tellClosed = resolve;
  });
  #lastBegun: Time = Number.NEGATIVE_INFINITY;
  #isDropped = false;

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
  }

  /** Batches that are due and not done. */
  get hasWork(): boolean {
    return this.#planning !== undefined || this.#running !== undefined;
  }

  /** Takes over plans of an earlier process; they run before anything else. */
  async rerun(plans: readonly BatchPlan[]): Promise<void> {
    for (const plan of plans) {
      const planned = await this.#options.planner.adopt(plan);
      // A later attempt is made durable before it runs, and so are ranges that an input has added.
      if (planned.plan === plan && plan.attempt === undefined && plan.isUntouched !== true) this.#durable.add(plan);
      this.#enqueue(new BatchRecord(planned, this.#options.clock.now(), true));
    }
  }

  /** Takes batch times that have come. */
  submit(times: readonly Time[]): void {
    if (this.#isClosed) return;
    for (const [i, time] of times.entries()) this.#times.push({ time, isBacklog: i > 0 });
    this.run();
  }

  run(): void {
    if (this.#planning === undefined && this.#mayPlan) {
      this.#planning = this.#plan().finally(() => {
        this.#planning = undefined;
      });
      this.#options.clock.hold(this.#planning);
    }
    if (this.#running === undefined && this.#planned.size > 0) {
      this.#running = this.#runAll().finally(() => {
        this.#running = undefined;
      });
      this.#options.clock.hold(this.#running);
    }
  }

  /** Resolves when everything that was submitted is done. */
  async drain(): Promise<void> {
    while (this.hasWork) await Promise.all([this.#planning, this.#running]);
  }

  /** Resolves when the running batch is done. */
  async current(): Promise<void> {
    await this.#running;
  }

  /** Forgets what has not started; the running batch goes on. */
  close(): void {
    this.#isClosed = true;
    this.#tellClosed?.();
    this.#times.clear();
    this.#planned.clear();
  }

  /** The last batch that was begun. */
  get lastBegun(): Time {
    return this.#lastBegun;
  }

  /** The running batch will not be committed, whenever it ends. */
  drop(): void {
    this.#isDropped = true;
  }

  get #mayPlan(): boolean {
    const { first } = this.#times;
    return first !== undefined && !(first.isBacklog && this.#planned.size >= plannedAhead);
  }

  async #plan(): Promise<void> {
    while (this.#mayPlan) {
      const { time, isBacklog } = this.#times.take() as DueTime;
      try {
        const planned = await this.#options.planner.plan(time, isBacklog);
        if (this.#isClosed) return;
        const isCatchUp = time <= this.#options.startedAt;
        // By Spark's rules every boundary is in the checkpoint, and the last one runs again: also one at which nothing is to be done.
        if (planned.hasWork || this.#options.isCompat)
          this.#enqueue(new BatchRecord(planned, this.#options.clock.now(), isCatchUp));
      } catch (error) {
        // After close nobody waits for the plan, and the source may have been closed under it.
        if (this.#isClosed) return;
        this.#fail(located(error, { batchTime: time }) ?? batchFailed(error, time));
      }
    }
  }

  #enqueue(record: BatchRecord): void {
    this.#planned.push(record);
    // Where every input gives an RDD for certain the batch will have jobs: it can be announced before it is its turn.
    const { inputs } = this.#options.program;
    if (record.planned.hasOutput && inputs.every((input) => input.isAlwaysPresent)) this.#announce(record);
    this.run();
  }

  #announce(record: BatchRecord): void {
    if (record.isSubmitted) return;
    record.isSubmitted = true;
    record.setInputs(this.#inputInfos(record));
    this.#post('onBatchSubmitted', record);
  }

  #post(event: 'onBatchSubmitted' | 'onBatchStarted' | 'onBatchCompleted', record: BatchRecord): void {
    const { bus } = this.#options;
    if (bus.hasListeners) bus.post(event, { batchInfo: record.info });
  }

  async #runAll(): Promise<void> {
    for (let record = this.#planned.take(); record !== undefined; record = this.#planned.take()) {
      if (!(await passGate(record.time, this.#options.clock, this.#closed))) return;
      await this.#runBatch(record);
      if (this.#planned.size < plannedAhead / 2) this.run();
      await nextTurnIfDue();
    }
  }

  async #runBatch(record: BatchRecord): Promise<void> {
    const { clock, graph, onCompleted } = this.#options;
    const outcome = await this.#runUntilOver(record);
    graph.finish(record.time, { hadWork: record.planned.hasWork, isCommitted: outcome.kind !== 'failed' });
    record.setOperators(this.#options.probe?.end());
    if (this.#isDropped) return;
    const error = outcome.kind === 'failed' ? this.#explain(outcome.error, record.time) : undefined;
    if (record.isSubmitted) {
      record.ended(clock.now(), error?.message, outcome.kind === 'committed' ? outcome.stats : undefined);
      this.#post('onBatchCompleted', record);
    }
    if (error !== undefined) this.#fail(error);
    try {
      onCompleted(record);
    } catch (after) {
      this.#fail(this.#explain(after, record.time));
    }
    if (outcome.kind === 'committed') await this.#tellInputs(outcome.record.offsets);
  }

  /** Runs a batch, and again where it failed for what it does not fail for again. */
  async #runUntilOver(record: BatchRecord): Promise<BatchOutcome> {
    const { graph } = this.#options;
    for (;;) {
      const outcome = await this.#attempt(record);
      if (outcome.kind !== 'failed' || this.#isDropped || !graph.mayRunAgain) return outcome;
      // Those that would have shared its commit are over, and undone.
      if ((outcome.tookAlong ?? 0) > 0) return outcome;
      graph.beginAgain();
      record.beginAgain();
    }
  }

  async #attempt(record: BatchRecord): Promise<BatchOutcome> {
    const { runner, graph, isCompat } = this.#options;
    const { plan } = record.planned;
    try {
      const isFarBehind = !isCompat && this.#planned.size + this.#times.size > sharedCommitBacklog;
      this.#makeDurable(plan, isFarBehind && isEmptyPlan(plan));
      this.#lastBegun = record.time;
      const mayShare = this.#mayShare.delete(plan);
      const outcome = await runner.run(plan, async (context) => await this.#work(record, context), {
        mayShareCommit: isFarBehind && mayShare && isEmptyPlan(plan) && record.records === 0,
        onFailure: () => (isCompat && !graph.mayRunAgain ? 'done' : 'stop'),
        following: () => this.#followingPlan(),
      });
      if (outcome.kind === 'committed' && outcome.following !== undefined) this.#durable.add(outcome.following);
      return outcome;
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  /**
   * A plan is durable before its batch runs. Only where a long backlog of empty ones shares commits do they share the flush, too: whether
   * a batch was begun cannot be told from a plan that was durable long before.
   */
  #makeDurable(plan: BatchPlan, sharesCommit: boolean): void {
    if (this.#durable.delete(plan)) return;
    const plans = [plan];
    if (sharesCommit) {
      // No more than the commit that they share will hold: after a kill the plans beyond it need not say that their batches may have run.
      const room = maxSharedBatches - this.#options.runner.waiting;
      for (const { planned } of this.#planned) {
        if (plans.length >= room || !isEmptyPlan(planned.plan) || this.#durable.has(planned.plan)) break;
        plans.push(planned.plan);
        this.#durable.add(planned.plan);
      }
    }
    if (sharesCommit) for (const empty of plans) this.#mayShare.add(empty);
    this.#options.runner.plan(plans.map((begun) => begunPlan(begun, sharesCommit)));
  }

  /** The plan of the next batch, where it waits already and does not share its flush with others. */
  #followingPlan(): BatchPlan | undefined {
    const plan = this.#planned.first?.planned.plan;
    const isFarBehind = this.#planned.size + this.#times.size > sharedCommitBacklog;
    return plan === undefined || this.#durable.has(plan) || isFarBehind ? undefined : plan;
  }

  async #work(record: BatchRecord, context: BatchContext): Promise<void> {
    const { graph, clock, isCompat, inputs } = this.#options;
    this.#options.probe?.begin();
    if (!record.isSubmitted) record.setInputs(this.#inputInfos(record));
    graph.begins(record.time, this.#planned.first?.time);
    const jobs = await this.#makeJobs(record.time);
    if (jobs.length > 0) {
      this.#announce(record);
      const isFirst = !record.hasStarted;
      record.started(clock.now());
      if (isFirst) this.#post('onBatchStarted', record);
    }
    const failures = await this.#runJobs(jobs, record);
    if (failures.length > 0 && (!isCompat || graph.mayRunAgain)) throw failures[0];
    for (const error of failures) this.#fail(error);
    this.#assertNotDropped(record.time);
    await graph.collect(record.time);
    await graph.settle();
    this.#assertNotDropped(record.time);
    const isKnown = [...record.planned.demand.keys()].every((input) => input.countsWhenPlanned);
    if (!isKnown) record.setInputs(this.#inputInfos(record));
    context.countRecords(record.records);
    const retained: Record<string, unknown> = {};
    for (const [node, input] of inputs) {
      const ranges = input.retained(record.time);
      if (ranges.length > 0) retained[graph.idOf(node)] = ranges;
    }
    context.setMeta('retained', retained);
  }

  #assertNotDropped(batchTime: Time): void {
    if (this.#isDropped) raise('STREAM_BATCH_DROPPED', {}, { where: { batchTime } });
  }

  async #makeJobs(time: Time): Promise<readonly Job[]> {
    const { program, graph } = this.#options;
    const jobs: Job[] = [];
    for (const [id, output] of program.outputs.entries()) {
      if (!graph.isValid(output.node, time)) continue;
      const rdd = await graph.at(output.node, time);
      if (rdd !== undefined) jobs.push({ id, output, rdd });
    }
    return jobs;
  }

  /**
   * Runs the output operations of a batch in order, `concurrentJobs` at a time, and gives their errors in the order of the operations. After
   * a failure no further one begins, except by Spark's rules; those that run are waited for, so that nothing of a batch outlives it.
   */
  async #runJobs(jobs: readonly Job[], record: BatchRecord): Promise<readonly unknown[]> {
    const { isCompat, concurrentJobs } = this.#options;
    const errors = new Map<Job, unknown>();
    let next = 0;
    const work = async (): Promise<void> => {
      for (let job = jobs[next]; job !== undefined; job = jobs[next]) {
        next += 1;
        const error = await this.#runJob(job, record);
        if (error !== undefined) errors.set(job, error);
        if (errors.size > 0 && !isCompat) break;
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrentJobs, jobs.length) }, work));
    return jobs.filter((job) => errors.has(job)).map((job) => errors.get(job));
  }

  /** Runs one output operation; gives its error. */
  async #runJob({ id, output, rdd }: Job, record: BatchRecord): Promise<unknown> {
    const { program, clock, bus } = this.#options;
    const operation = program.ids.ofStep(output.step);
    const info: OutputOperationInfo = {
      batchTime: record.time,
      id,
      name: output.description,
      description: operation,
      startTime: clock.now(),
    };
    record.setOperation(info);
    bus.post('onOutputOperationStarted', { outputOperationInfo: info });
    let error: unknown;
    try {
      const { time, attempt, isCatchUp, records } = record;
      const work = this.#options.hasNoEffects
        ? count(rdd).then(() => undefined)
        : output.run(rdd, { time, operation, attempt, isCatchUp, records });
      await this.#inTime(work, output);
    } catch (thrown) {
      const where = { operator: operation, batchTime: record.time };
      error =
        located(thrown, where) ??
        failure(
          'STREAM_OUTPUT_FAILED',
          { name: output.description, reason: messageOf(thrown) },
          { cause: thrown, where },
        );
    }
    const endTime = clock.now();
    const ended: OutputOperationInfo = {
      ...info,
      endTime,
      duration: endTime - (info.startTime ?? endTime),
      ...(error === undefined ? {} : { failureReason: messageOf(error) }),
    };
    record.setOperation(ended);
    bus.post('onOutputOperationCompleted', { outputOperationInfo: ended });
    return error;
  }

  async #inTime(work: Promise<void>, output: OutputOperation): Promise<void> {
    const { clock, outputTimeoutMs } = this.#options;
    if (outputTimeoutMs === undefined) {
      await work;
    } else if (!(await endsWithin(clock, work, outputTimeoutMs))) {
      throw failure('STREAM_OUTPUT_TIMEOUT', { name: output.description, timeout: outputTimeoutMs });
    }
  }

  #inputInfos(
    record: BatchRecord,
  ): { inputStreamId: number; numRecords: number; metadata: Readonly<Record<string, unknown>> }[] {
    const { program, inputs } = this.#options;
    return program.inputs.flatMap((node, inputStreamId) => {
      const times = record.planned.demand.get(node) ?? [];
      const parts = times.flatMap((time) => inputs.get(node)?.part(time) ?? []);
      const last = parts.at(-1);
      if (last === undefined) return [];
      const numRecords = parts.reduce((sum, part) => sum + part.records, 0);
      return [{ inputStreamId, numRecords, metadata: last.metadata }];
    });
  }

  async #tellInputs(offsets: Readonly<Record<string, Readonly<Record<string, number>>>>): Promise<void> {
    const { inputs, graph, warn } = this.#options;
    for (const [node, input] of inputs) {
      const until = offsets[graph.idOf(node)];
      if (until === undefined) continue;
      try {
        await input.committed(until);
      } catch (error) {
        // The checkpoint has the position: what the source is told is for other tools only.
        warn(`The source ${graph.idOf(node)} could not be told its position: ${messageOf(error)}`);
      }
    }
  }

  #explain(error: unknown, time: Time): MillraceError {
    return located(error, { batchTime: time }) ?? batchFailed(error, time);
  }

  #fail(error: unknown): void {
    if (this.#isDropped) return;
    if (!this.#options.isCompat) this.close();
    this.#options.onFailure(error);
  }
}

function begunPlan(plan: BatchPlan, sharesCommit: boolean): BatchPlan {
  if (!sharesCommit && plan.isUntouched === undefined) return plan;
  return { ...plan, sharesCommit, isUntouched: false };
}

function batchFailed(cause: unknown, batchTime: Time): MillraceError {
  return failure('STREAM_BATCH_FAILED', { reason: messageOf(cause) }, { cause, where: { batchTime } });
}
