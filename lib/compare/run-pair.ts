import type { Clock } from '../kernel/clock.ts';
import { delay } from '../kernel/clock.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import type { Offset, OffsetRange } from '../io/offsets.ts';
import type { Row } from '../structured/data-frame.ts';
import type { StreamingQueryProgress } from '../structured/query/progress.ts';
import type { StreamingQuery } from '../structured/query/streaming-query.ts';
import { Session } from '../structured/session.ts';
import { parseSchema } from '../structured/types/ddl.ts';
import type { BatchInfo } from '../streaming/events.ts';
import { SourceInput } from '../streaming/inputs/source-input.ts';
import { StreamingContext } from '../streaming/streaming-context.ts';
import { MemoryCheckpoints } from '../testing/memory-checkpoints.ts';
import { type ArrivalLog, eventColumns } from './arrival-log.ts';
import type { Pair } from './pair.ts';
import type { EngineRun, ResultRow, RunBatch } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** What the engines of a comparison reported. */
export interface PairRun {
  readonly dstream: EngineRun;
  readonly structured: EngineRun;
}

type Rows = readonly ResultRow[];

/**
 * Both programs of a pair on one clock and one log, from `start` to `stop`. Everything that is kept is what the engines reported: offset
 * ranges and times of batches, watermarks, counts of late rows, and the rows of the results.
 */
export class RunningPair {
  readonly #pair: Pair;
  readonly #settings: CompareSettings;
  readonly #log: ArrivalLog;
  readonly #clock: Clock;
  readonly #checkpoints = new MemoryCheckpoints();
  readonly #dstreamBatches: RunBatch[] = [];
  readonly #dstreamRows = new Map<number, Rows>();
  readonly #structuredBatches: RunBatch[] = [];
  readonly #structuredRows = new Map<number, Rows>();
  #context: StreamingContext | undefined;
  #query: StreamingQuery | undefined;
  #session: Session | undefined;
  #isAfterEnd = false;

  constructor(pair: Pair, settings: CompareSettings, log: ArrivalLog, clock: Clock) {
    this.#pair = pair;
    this.#settings = settings;
    this.#log = log;
    this.#clock = clock;
  }

  /** Starts both programs, or starts them again on their checkpoints. */
  async start(): Promise<void> {
    try {
      await this.#startStructured();
      await this.#startDStream();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Lets time go by, until `ended` at most where time is real. Rejects with what a program failed with. */
  async pass(ms: number, ended?: Promise<unknown>): Promise<void> {
    if (ms > 0) {
      if (this.#clock instanceof ManualClock) await this.#clock.advance(ms);
      else await Promise.race([delay(this.#clock, ms), ...(ended === undefined ? [] : [ended])]);
    }
    if (this.#context?.hasFailed === true) await this.#context.awaitTermination();
    const failure = this.#query?.exception ?? null;
    if (failure !== null) throw failure;
  }

  /** What comes from here on is not part of the comparison. */
  end(): void {
    this.#isAfterEnd = true;
  }

  async stop(): Promise<void> {
    const [context, query] = [this.#context, this.#query];
    this.#context = undefined;
    this.#query = undefined;
    if (context?.getState() === 'ACTIVE') await context.stop();
    await query?.stop();
    await this.#session?.stop();
  }

  get result(): PairRun {
    return {
      dstream: {
        batches: this.#dstreamBatches.map((batch) => ({
          ...batch,
          rows: this.#dstreamRows.get(batch.timeMs) ?? [],
        })),
      },
      structured: {
        batches: this.#structuredBatches.map((batch) => ({
          ...batch,
          rows: this.#structuredRows.get(batch.number) ?? [],
        })),
      },
    };
  }

  async #startDStream(): Promise<void> {
    const pair = this.#pair;
    const settings = this.#settings;
    const directory = 'compare-dstream';
    const context = await StreamingContext.getOrCreate(directory, () => {
      const ssc = new StreamingContext({
        appName: 'compare',
        batchInterval: settings.batchMs,
        clock: this.#clock,
        openCheckpoint: this.#checkpoints.open,
      });
      ssc.checkpoint(directory);
      const source = this.#log.source();
      const events = ssc.inputStream('compare', (step, slideMs) => new SourceInput(step, slideMs, source));
      // A batch in which no window ends has no output of its own, and nothing would be told of it.
      events.foreachRDD(() => undefined);
      pair.dstream(events, settings).foreachRDD(async (rdd, time) => {
        const elements = await rdd.collect();
        this.#dstreamRows.set(
          time,
          elements.map((element) => pair.dstreamRow(element, time, settings)),
        );
      });
      return ssc;
    });
    context.addStreamingListener({
      onBatchCompleted: ({ batchInfo }) => {
        this.#dstreamBatches.push(this.#dstreamBatch(batchInfo));
      },
    });
    this.#context = context;
    await context.start();
  }

  #dstreamBatch({ batchTime, isCatchUp, streamIdToInputInfo }: BatchInfo): RunBatch {
    const offsets = (streamIdToInputInfo[0]?.metadata['offsets'] ?? {}) as Readonly<
      Record<string, readonly [from: number, until: number]>
    >;
    const range = {
      from: Object.fromEntries(Object.entries(offsets).map(([partition, [from]]) => [partition, from])),
      until: Object.fromEntries(Object.entries(offsets).map(([partition, [, until]]) => [partition, until])),
    };
    return {
      number: this.#dstreamBatches.length + 1,
      timeMs: batchTime,
      records: this.#idsOf(range),
      lateRows: 0,
      isCatchUp,
      isAfterEnd: this.#isAfterEnd,
      rows: [],
    };
  }

  async #startStructured(): Promise<void> {
    const pair = this.#pair;
    const settings = this.#settings;
    const session = new Session({
      clock: this.#clock,
      config: { 'spark.sql.session.timeZone': 'UTC' },
      openCheckpoint: this.#checkpoints.open,
    });
    this.#session = session;
    session.streams.addListener({
      onQueryProgress: ({ progress }) => {
        this.#structuredBatches.push(this.#structuredBatch(progress));
      },
    });
    const events = session.state.frame({
      kind: 'read',
      isStreaming: true,
      format: 'memory',
      options: {},
      schema: parseSchema(eventColumns),
      source: this.#log.table(),
    });
    this.#query = await pair
      .structured(events, settings)
      .writeStream.outputMode(settings.mode)
      .foreachBatch(async (batch, batchId) => {
        const rows: readonly Row[] = await (pair.eachBatch?.(batch, settings) ?? batch).collect();
        this.#structuredRows.set(
          batchId,
          rows.map((row) => pair.structuredRow(row)),
        );
      })
      .trigger({ processingTime: settings.batchMs })
      .option('checkpointLocation', 'compare-structured')
      .start();
  }

  #structuredBatch({ batchId, timestamp, eventTime, sources, stateOperators }: StreamingQueryProgress): RunBatch {
    const watermarkMs = Date.parse(eventTime['watermark'] ?? '');
    const lateWatermarkMs = this.#structuredBatches.at(-1)?.watermarkMs;
    const [source] = sources;
    const range = { from: offsetOf(source?.startOffset), until: offsetOf(source?.endOffset) };
    return {
      number: batchId,
      timeMs: Date.parse(timestamp),
      records: this.#idsOf(range),
      ...(watermarkMs > 0 ? { watermarkMs } : {}),
      ...(lateWatermarkMs === undefined ? {} : { lateWatermarkMs }),
      lateRows: stateOperators.reduce((sum, { customMetrics }) => sum + (customMetrics['lateRows'] ?? 0), 0),
      isCatchUp: false,
      isAfterEnd: this.#isAfterEnd,
      rows: [],
    };
  }

  #idsOf(range: OffsetRange): readonly number[] {
    return this.#log.records(range).map(({ id }) => id);
  }
}

function offsetOf(printed: unknown): Offset {
  return typeof printed === 'object' && printed !== null ? (printed as Offset) : {};
}
