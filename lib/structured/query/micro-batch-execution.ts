import { type BatchOutcome, BatchRunner } from '../../batch/batch-runner.ts';
import { recover } from '../../batch/recovery.ts';
import { passGate } from '../../batch/run-control.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type { TableRange, TableSource } from '../../io/table-source.ts';
import type { Clock } from '../../kernel/clock.ts';
import { nextTurn } from '../../kernel/turns.ts';
import type { OperatorFigures } from '../../kernel/operator-figures.ts';
import type { BatchPlan, PlannedRange, StateStore } from '../../store/state-store.ts';
import type { Trigger } from '../backend.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { CompiledQuery } from '../operators/compiled-query.ts';
import type { BatchThreads } from '../threads/batch-threads.ts';
import { BatchHistory, fewRanges } from './batch-history.ts';
import { GrowthAlarm } from './growth-alarm.ts';
import type { LateOutput } from './late-output.ts';
import type { LateRow, LateSamples } from './late-samples.ts';
import type { StreamingQueryProgress } from './progress.ts';
import type { BatchDetail } from './query-inspection.ts';
import { type BatchFigures, isoTime, ProgressReporter } from './progress-reporter.ts';
import type { QueryConf } from './query-conf.ts';
import type { QuerySink } from './query-sink.ts';
import { isEmptyRange, type SourceReader } from './source-reader.ts';
import { Stopwatch } from './stopwatch.ts';
import { driveTrigger, pause, type TurnOutcome } from './trigger.ts';
import { WatermarkTracker } from './watermark-tracker.ts';

export interface QueryIdentity {
  readonly id: string;
  readonly runId: string;
  readonly name: string | null;
}

/** A static table of the plan: its blocks are the same in every batch. */
export interface StaticSource {
  readonly id: number;
  readonly blocks: readonly ColumnarBlock[];
}

export interface ExecutionSetup {
  readonly identity: QueryIdentity;
  readonly conf: QueryConf;
  readonly clock: Clock;
  readonly trigger: Trigger;
  readonly store: StateStore;
  readonly compiled: CompiledQuery;
  /** Of the compiled query: its timestamp is set before each batch. */
  readonly context: EvaluationContext;
  /** Threads that read sources. */
  readonly apart: BatchThreads | undefined;
  readonly hasWatermark: boolean;
  readonly sources: readonly SourceReader[];
  readonly statics: readonly StaticSource[];
  readonly sink: QuerySink;
  /** Where late rows go, when somebody takes them. */
  readonly late: LateOutput | undefined;
  /** Keeps some late rows for whoever looks on. */
  readonly lateSamples: LateSamples | undefined;
  /** How many rows the sink was given since this was last called. */
  readonly takeOutputRows: () => number;
  readonly onBatchStarted: (batchId: number) => void;
  readonly onProgress: (progress: StreamingQueryProgress, detail: BatchDetail) => void;
  readonly onIdle: () => void;
  readonly warn: (text: string) => void;
}

/** What a batch is, beside its ranges: settled when it is planned, the same when it runs again. */
interface BatchMeta {
  readonly timestampMs: number;
  readonly watermarkMs: number;
  /** The watermark of the batch before. */
  readonly lateWatermarkMs: number;
}

function detailOf(
  outcome: BatchOutcome,
  operators: readonly OperatorFigures[] | undefined,
  late: readonly LateRow[] = [],
): BatchDetail {
  return {
    ...(outcome.kind === 'committed' ? { commit: outcome.stats } : {}),
    ...(operators === undefined ? {} : { operators }),
    ...(late.length === 0 ? {} : { late }),
  };
}

/** Timeouts in processing time are looked after this often while no data comes. */
const timeoutCheckMs = 100;

/** The blocks of a range of a source. */
type Read = ReturnType<TableSource['read']>;

/** Late rows are late already. */
const noWatermark = { watermarkUs: undefined, lateWatermarkUs: undefined };

/** Thrown inside a batch that is to end because the query stops; never leaves this file. */
class Stopped {
  readonly reason = 'the query stops';
}

/**
 * Runs the batches of one query, one after the other, until it is stopped, comes to its end or fails.
 *
 * One batch: its ranges, timestamp and watermark are made durable; then the plan runs over the rows and the sink gets the result; then
 * state, offsets and the watermark of the next batch become durable in one transaction (`BatchRunner`). A batch that was planned and
 * not committed runs first at the next start, with the same ranges, timestamp and watermark.
 *
 * A batch without data runs when the watermark has moved since the last one and an operator could give or drop something by it.
 */
export class MicroBatchExecution {
  readonly #setup: ExecutionSetup;
  readonly #runner: BatchRunner;
  readonly #progress: ProgressReporter;
  readonly #growth: GrowthAlarm;
  readonly #stopped = new AbortController();
  readonly #hasStopped: Promise<void> = new Promise((resolve) => {
    this.#stopped.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  #isStopping = false;
  #tracker!: WatermarkTracker;
  #history: BatchHistory | undefined;
  #rerun: BatchPlan[] = [];
  #nextBatchId = 0;
  /** Of the last batch that ran, also before a restart; the epoch before there was one. */
  #lastWatermarkMs = 0;
  #mayRunWithoutData = false;
  #lastTimestampMs = 0;
  /** What telling the sources about the batch before took: part of the next batch's figures, as in Spark. */
  #commitBatchMs = 0;
  #currentBatch: number | undefined;
  #wake: (() => void) | undefined;
  readonly #listening = new Set<TableSource>();
  #idleSinceMs = 0;
  #waiters: { turns: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  #status = 'Initializing sources';
  #isDataAvailable = false;
  #isTriggerActive = false;

  constructor(setup: ExecutionSetup) {
    this.#setup = setup;
    this.#runner = new BatchRunner({ store: setup.store, clock: setup.clock });
    this.#progress = new ProgressReporter(setup);
    this.#growth = new GrowthAlarm(setup.conf.growthAlarmBatches, setup.warn);
  }

  get status(): { readonly message: string; readonly isDataAvailable: boolean; readonly isTriggerActive: boolean } {
    return { message: this.#status, isDataAvailable: this.#isDataAvailable, isTriggerActive: this.#isTriggerActive };
  }

  /** The watermark of the next batch; null when the query has none. */
  get watermark(): string | null {
    return this.#setup.hasWatermark ? isoTime(this.#tracker.watermarkMs) : null;
  }

  /** The batch that runs, for errors. */
  get currentBatch(): number | undefined {
    return this.#currentBatch;
  }

  get recentProgress(): readonly StreamingQueryProgress[] {
    return this.#progress.recent;
  }

  /** Settles where the query goes on and opens its sources there. */
  async open(): Promise<void> {
    const { store, conf, sources, trigger, compiled, clock } = this.#setup;
    const recovery = recover(store);
    this.#rerun = [...recovery.rerun];
    this.#nextBatchId = recovery.lastBatchTime === undefined ? 0 : recovery.lastBatchTime + 1;
    const meta = recovery.last?.meta ?? {};
    const nodes = conf.isCompatible ? [] : ((meta['nodeWatermarks'] as readonly number[] | undefined) ?? []);
    const watermarkMs = (meta['nextWatermarkMs'] as number | undefined) ?? 0;
    const silentMs = (meta['silentMs'] as readonly number[] | undefined) ?? [];
    this.#tracker = new WatermarkTracker(
      conf.watermarkPolicy,
      { watermarkMs, nodes, silentMs },
      {
        timeoutsMs: compiled.watermarks.map(({ idleTimeoutMs }) => idleTimeoutMs ?? conf.idleTimeoutMs),
        nowMs: clock.now(),
      },
    );
    // Spark runs no batch without data before one with data has run since the start: what was due waits for it. Ours does not wait.
    const before = (meta['watermarkMs'] as number | undefined) ?? 0;
    this.#lastWatermarkMs = before;
    if (recovery.last !== undefined && !conf.isCompatible) {
      this.#mayRunWithoutData = true;
      // The operators are told what the last batch was: they say whether one without data is due by what they saw in it.
      this.#begin(recovery.last.batchTime, { timestampMs: 0, watermarkMs: before, lateWatermarkMs: before });
    }
    const opening = this.#openSources(recovery.offsets);
    // Sources wait for servers and threads: there is time for what the first batch would wait for.
    this.#prepare();
    await opening;
    if (trigger.kind === 'availableNow') for (const { source } of sources) await source.freeze();
    if (this.#setup.hasWatermark) this.#history = new BatchHistory(store);
    this.#idleSinceMs = this.#setup.clock.now();
    this.#status = 'Waiting for next trigger';
  }

  async #openSources(offsets: Readonly<Record<string, Offset>>): Promise<void> {
    for (const source of this.#setup.sources) await source.open(offsets[source.name]);
  }

  #prepare(): void {
    const { apart, compiled, sources, statics } = this.#setup;
    const read = sources.filter(({ id }) => apart?.reads(id) !== true);
    const samples = read.flatMap(({ id, source }) => {
      const sample = source.sample?.();
      return sample === undefined ? [] : [[id, sample] as const];
    });
    try {
      compiled.prepare(
        statics.flatMap(({ id, blocks }) => blocks.map((block) => [id, block] as const)),
        new Map(samples),
      );
    } catch {
      // The first batch does it again, and fails with what there is to say.
    }
  }

  /** Resolves when the query has ended by itself or was stopped; rejects when it failed. */
  async run(): Promise<void> {
    const { trigger, clock } = this.#setup;
    try {
      await driveTrigger(trigger, clock, {
        turn: async () => {
          const turn = this.#turn();
          clock.hold(turn);
          return await turn;
        },
        waitForData: async () => {
          await this.#waitForData();
        },
        stopped: this.#stopped.signal,
      });
      this.#status = 'Stopped';
      for (const waiter of this.#waiters.splice(0)) waiter.resolve();
    } catch (error) {
      this.#status = `Terminated with exception: ${error instanceof Error ? error.message : String(error)}`;
      throw error;
    } finally {
      this.#isTriggerActive = false;
      this.#isDataAvailable = false;
    }
  }

  /** Ends the query; a batch under way is given up between two blocks and runs again at the next start. */
  stop(): void {
    this.#isStopping = true;
    this.#stopped.abort();
    this.#wake?.();
  }

  /** Resolves when a turn that began after the call has found nothing to do. */
  async processAllAvailable(): Promise<void> {
    if (this.#isStopping) return;
    await new Promise<void>((resolve, reject) => {
      // The turn under way may have looked before the latest rows came: it does not count.
      this.#waiters.push({ turns: this.#isTriggerActive ? 1 : 0, resolve, reject });
      this.#wake?.();
    });
  }

  /** Lets everybody who waits for the query know that it failed. */
  failWaiters(error: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  async #turn(): Promise<TurnOutcome> {
    if (this.#isStopping) return 'ended';
    this.#isTriggerActive = true;
    const stopwatch = new Stopwatch(this.#setup.clock);
    try {
      const plan = this.#planAgain() ?? (await this.#planNext(stopwatch));
      this.#settleWaiters(plan !== undefined);
      if (plan === undefined) {
        this.#status = 'Waiting for data to arrive';
        this.#tellIdle();
        return 'idle';
      }
      if (!(await passGate(plan.batchTime, this.#setup.clock, this.#hasStopped))) return 'ended';
      await this.#runBatch(plan, stopwatch);
      return this.#isStopping ? 'ended' : 'ran';
    } catch (error) {
      if (error instanceof Stopped) return 'ended';
      throw error;
    } finally {
      this.#isTriggerActive = false;
    }
  }

  /** A batch of before the restart that was not committed: which run of it this is becomes durable first. */
  #planAgain(): BatchPlan | undefined {
    const plan = this.#rerun.shift();
    if (plan !== undefined) this.#runner.plan([plan]);
    return plan;
  }

  /** The next batch, planned and durable; undefined when there is nothing to do. */
  async #planNext(stopwatch: Stopwatch): Promise<BatchPlan | undefined> {
    const { clock, sources, trigger, conf, compiled, hasWatermark } = this.#setup;
    this.#status = 'Getting offsets';
    const found = await stopwatch.measure(
      'latestOffset',
      async () => await Promise.all(sources.map(async (source) => await source.available(trigger.kind === 'once'))),
    );
    const timestampMs = clock.now();
    this.#tracker.lookForIdle(timestampMs, (node) =>
      sources.some(({ id }, i) => {
        const isRead = compiled.watermarks[node]?.sourceIds.includes(id) === true;
        return isRead && !isEmptyRange(found[i] as (typeof found)[number]);
      }),
    );
    const { watermarkMs } = this.#tracker;
    this.#isDataAvailable = found.some((range) => !isEmptyRange(range));
    const last = this.#lastWatermarkMs;
    const watermarkUs = hasWatermark ? watermarkMs * 1000 : Number.NEGATIVE_INFINITY;
    const mayRunWithoutData =
      this.#mayRunWithoutData &&
      conf.noDataBatches &&
      (watermarkMs > last || timestampMs - this.#lastTimestampMs >= timeoutCheckMs);
    const isWanted =
      this.#isDataAvailable ||
      (mayRunWithoutData && compiled.stateful.some((operator) => operator.wantsBatch(watermarkUs, timestampMs)));
    if (!isWanted || this.#isStopping) return undefined;
    const batchId = this.#nextBatchId;
    const ranges = sources.map(({ name }, i): [string, readonly PlannedRange[]] => {
      const { from, until, detail } = found[i] as (typeof found)[number];
      return [name, [{ time: batchId, from, until, ...(detail === undefined ? {} : { detail }) }]];
    });
    // Late is what was late in the batch before: what this batch lets go of is not late for the steps behind it.
    const meta: BatchMeta = { timestampMs, watermarkMs, lateWatermarkMs: last };
    const plan: BatchPlan = { batchTime: batchId, ranges: Object.fromEntries(ranges), meta: { ...meta } };
    stopwatch.measureSync('walCommit', () => {
      this.#runner.plan([plan]);
    });
    this.#nextBatchId += 1;
    sources.forEach((source, i) => {
      source.advance(found[i] as (typeof found)[number]);
    });
    return plan;
  }

  async #runBatch(plan: BatchPlan, stopwatch: Stopwatch): Promise<void> {
    const { store, sources, clock } = this.#setup;
    const meta = plan.meta as unknown as BatchMeta;
    const batchId = plan.batchTime;
    this.#currentBatch = batchId;
    this.#setup.onBatchStarted(batchId);
    this.#status = 'Processing new data';
    const startedMs = clock.now();
    let figures: BatchFigures | undefined;
    const outcome = await this.#runner.run(plan, async (batch) => {
      figures = await this.#execute(plan, meta, { attempt: batch.attempt, stopwatch });
      this.#tracker.advance(figures.eventTimes, meta.timestampMs);
      batch.countRecords(figures.inputRows.reduce((sum, rows) => sum + rows, 0));
      const next = this.#tracker.state;
      batch.setMeta('watermarkMs', meta.watermarkMs);
      batch.setMeta('nextWatermarkMs', next.watermarkMs);
      batch.setMeta('nodeWatermarks', next.nodes);
      this.#remember(plan, meta, figures);
      if (next.silentMs?.some((ms) => ms > 0) === true) batch.setMeta('silentMs', next.silentMs);
    });
    if (outcome.kind === 'failed') throw outcome.error;
    if (outcome.kind === 'committed') stopwatch.add('commitOffsets', outcome.stats.commitMs);
    this.#lastWatermarkMs = meta.watermarkMs;
    this.#mayRunWithoutData = true;
    this.#lastTimestampMs = meta.timestampMs;
    if (batchId > 0) stopwatch.add('commitBatch', this.#commitBatchMs);
    const committing = new Stopwatch(clock);
    for (const { source, name } of sources) {
      for (const { until } of plan.ranges[name] ?? []) await source.commit(until);
    }
    this.#commitBatchMs = committing.elapsedMs;
    store.maintain();
    if (figures !== undefined) {
      this.#growth.look(figures.states);
      const { watermarkMs } = meta;
      const { nodes } = this.#tracker;
      this.#setup.onProgress(
        this.#progress.completed({ batchId, plan, startedMs, figures, watermarkMs, nodes, stopwatch }),
        detailOf(outcome, this.#setup.compiled.figures(), this.#setup.lateSamples?.rows),
      );
    }
    this.#idleSinceMs = clock.now();
    this.#currentBatch = undefined;
    this.#status = 'Waiting for next trigger';
  }

  async #execute(
    plan: BatchPlan,
    meta: BatchMeta,
    { attempt, stopwatch }: { readonly attempt: number; readonly stopwatch: Stopwatch },
  ): Promise<BatchFigures> {
    const { apart, context, sources } = this.#setup;
    context.batchTimestampUs = meta.timestampMs * 1000;
    const ranges = sources.map(({ name }) => (plan.ranges[name] ?? []).filter((range) => !isEmptyRange(range)));
    const reads = stopwatch.measureSync('getBatch', () =>
      sources.map(({ id, source }, i) =>
        apart?.reads(id) === true ? [] : (ranges[i] ?? []).map((range) => source.read(range)),
      ),
    );
    stopwatch.measureSync('queryPlanning', () => {
      this.#begin(plan.batchTime, meta);
    });
    return await stopwatch.measure(
      'addBatch',
      async () => await this.#addBatch({ batchId: plan.batchTime, attempt, reads, ranges }),
    );
  }

  async #addBatch({
    batchId,
    attempt,
    reads,
    ranges,
  }: {
    readonly batchId: number;
    readonly attempt: number;
    readonly reads: readonly (readonly Read[])[];
    readonly ranges: readonly (readonly TableRange[])[];
  }): Promise<BatchFigures> {
    const { compiled, sink, sources, statics, takeOutputRows } = this.#setup;
    takeOutputRows();
    sink.begin({ batchId, attempt });
    this.#setup.late?.begin({ batchId, attempt });
    this.#setup.lateSamples?.begin();
    for (const { id, blocks } of statics) for (const block of blocks) compiled.push(id, block);
    this.#setup.apart?.begin(ranges);
    const inputRows: number[] = [];
    for (const [i, { id }] of sources.entries()) {
      let rows = await this.#takeParts(id);
      for (const read of reads[i] ?? []) {
        for await (const block of read) {
          if (this.#isStopping) throw new Stopped();
          rows += compiled.push(id, block);
          await this.#giveWay();
        }
      }
      inputRows.push(rows);
    }
    if (this.#isStopping) throw new Stopped();
    compiled.finish();
    const outputRows = takeOutputRows();
    await sink.end();
    await this.#setup.late?.end({
      ...noWatermark,
      batchId,
      processingTimeMs: this.#setup.context.batchTimestampUs / 1000,
    });
    return {
      inputRows,
      outputRows,
      eventTimes: compiled.eventTimes(),
      states: compiled.stateful.map((operator) => ({
        id: operator.id,
        name: operator.name,
        metrics: operator.metrics(),
      })),
      observed: compiled.observed(),
    };
  }

  /** Goes on with what threads made of a source, in the order of its rows; gives the number of rows. */
  async #takeParts(sourceId: number): Promise<number> {
    const { apart, compiled } = this.#setup;
    const parts = apart?.parts(sourceId)[Symbol.asyncIterator]();
    for (let rows = 0; ;) {
      const next = await Promise.race([parts?.next(), this.#hasStopped]);
      if (this.#isStopping) throw new Stopped();
      if (next === undefined || next.done === true) return rows;
      rows += compiled.absorb(next.value);
      await this.#giveWay();
    }
  }

  /** Writes down what `why` answers by, in the batch itself. */
  #remember(
    { batchTime: batchId, ranges: planned }: BatchPlan,
    { timestampMs, watermarkMs, lateWatermarkMs }: BatchMeta,
    figures: BatchFigures,
  ): void {
    if (this.#history === undefined) return;
    const { compiled, sources } = this.#setup;
    const by = (kind: 'closed' | 'late') =>
      Object.fromEntries(
        compiled.stateful
          .map((step) => [step.id, step.windows()[kind]] as const)
          .filter(([, counts]) => counts.length > 0),
      );
    const moved = this.#tracker.takeMove();
    const { maxUs, maxPlace } = (moved === undefined ? undefined : figures.eventTimes[moved.node]) ?? {};
    const source = sources.find(({ id }) => id === maxPlace?.sourceId)?.name;
    const ofRow = {
      ...(maxUs === undefined ? {} : { eventTimeUs: maxUs }),
      ...(source === undefined || maxPlace === undefined ? {} : { source, where: maxPlace.where }),
    };
    const ranges = fewRanges(planned);
    this.#history.record(batchId, {
      watermarkMs,
      lateWatermarkMs,
      nextWatermarkMs: this.#tracker.watermarkMs,
      ...(ranges === undefined ? {} : { ranges, timestampMs }),
      ...(moved === undefined
        ? {}
        : {
            move: {
              column: compiled.watermarks[moved.node]?.column ?? '',
              isIdle: moved.isIdle,
              ...(moved.isIdle ? {} : ofRow),
            },
          }),
      closed: by('closed'),
      late: by('late'),
    });
  }

  #begin(batchId: number, { timestampMs, watermarkMs, lateWatermarkMs }: BatchMeta): void {
    const { compiled, hasWatermark } = this.#setup;
    compiled.begin({
      batchId,
      watermarkUs: hasWatermark ? watermarkMs * 1000 : undefined,
      lateWatermarkUs: hasWatermark ? lateWatermarkMs * 1000 : undefined,
      processingTimeMs: timestampMs,
    });
  }

  #gaveWayMs = 0;

  /** Sockets, timers and signals have their turn at least every 15 ms of a long batch. */
  async #giveWay(): Promise<void> {
    const now = this.#setup.clock.monotonicMs();
    if (now - this.#gaveWayMs < 15) return;
    await nextTurn();
    this.#gaveWayMs = this.#setup.clock.monotonicMs();
  }

  #settleWaiters(hasBatch: boolean): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (hasBatch || waiter.turns > 0) this.#waiters.push({ ...waiter, turns: Math.max(0, waiter.turns - 1) });
      else waiter.resolve();
    }
  }

  /** Asks again when a source says that there is more, when somebody waits for the query, or after a short while. */
  async #waitForData(): Promise<void> {
    if (this.#waiters.length > 0 || this.#isStopping) return;
    const { clock, conf, sources } = this.#setup;
    const woken = new AbortController();
    this.#wake = () => {
      woken.abort();
    };
    for (const { source } of sources) this.#listen(source);
    await pause(clock, Math.max(1, conf.pollingDelayMs), woken.signal);
    this.#wake = undefined;
  }

  /** Listens to a source that says when there is more: once at a time, however often it is asked in between. */
  #listen(source: TableSource): void {
    if (source.changed === undefined || this.#listening.has(source)) return;
    this.#listening.add(source);
    const heard = (): void => {
      this.#listening.delete(source);
      this.#wake?.();
    };
    source.changed().then(heard, heard);
  }

  #tellIdle(): void {
    const { clock, conf, onIdle } = this.#setup;
    if (clock.now() - this.#idleSinceMs < conf.noDataProgressIntervalMs) return;
    this.#idleSinceMs = clock.now();
    onIdle();
  }
}
