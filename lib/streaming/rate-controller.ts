import type { ReadLimit } from '../io/read-limit.ts';
import type { Configuration } from './configuration.ts';
import type { BatchInfo } from './events.ts';
import { InputNode } from './input-node.ts';
import { SourceInput } from './inputs/source-input.ts';
import { PidRateEstimator } from './pid-rate-estimator.ts';

/**
 * Says how much each input may take: the fixed rate of a partition, and with backpressure the rate the estimator finds, which follows
 * how long batches take.
 */
export class RateController {
  readonly #config: Configuration;
  readonly #batchMs: number;
  readonly #estimators = new Map<number, PidRateEstimator>();
  readonly #rates = new Map<number, number>();

  constructor(config: Configuration, batchMs: number) {
    this.#config = config;
    this.#batchMs = batchMs;
  }

  /** What the input may take for its next batch. */
  limitOf(input: InputNode<unknown>, inputStreamId: number): ReadLimit {
    const batchS = this.#batchMs / 1000;
    const { maxRatePerPartition, minRatePerPartition } = input instanceof SourceInput ? input.settings : {};
    const fixed = maxRatePerPartition ?? this.#config.number('spark.streaming.kafka.maxRatePerPartition');
    const least = minRatePerPartition ?? this.#config.number('spark.streaming.kafka.minRatePerPartition');
    const rate = this.#rateOf(inputStreamId);
    const recordsAt = (perSecond: number): number | undefined =>
      perSecond > 0 ? Math.max(Math.trunc(perSecond * batchS), least) : undefined;
    const most = typeof fixed === 'function' ? (name: string) => recordsAt(fixed(name)) : recordsAt(fixed);
    return {
      ...(most === undefined ? {} : { maxRecordsPerPartition: most }),
      ...(rate === undefined
        ? {}
        : { maxRecords: Math.max(Math.trunc(rate * batchS), 1), minRecordsPerPartition: Math.max(1, least) }),
    };
  }

  /** Whether it learns from batches. */
  get learns(): boolean {
    return this.#config.flag('spark.streaming.backpressure.enabled');
  }

  /** Learns from a batch that is done. */
  batchCompleted(info: BatchInfo): void {
    if (!this.learns) return;
    const { processingEndTime, processingDelay, schedulingDelay } = info;
    if (processingEndTime === undefined || processingDelay === undefined || schedulingDelay === undefined) return;
    for (const { inputStreamId, numRecords } of Object.values(info.streamIdToInputInfo)) {
      const rate = this.#estimator(inputStreamId).compute(
        processingEndTime,
        numRecords,
        processingDelay,
        schedulingDelay,
      );
      if (rate !== null) this.#rates.set(inputStreamId, Math.trunc(rate));
    }
  }

  #rateOf(inputStreamId: number): number | undefined {
    if (!this.#config.flag('spark.streaming.backpressure.enabled')) return undefined;
    const known = this.#rates.get(inputStreamId);
    if (known !== undefined) return known;
    return this.#config.has('spark.streaming.backpressure.initialRate')
      ? this.#config.number('spark.streaming.backpressure.initialRate')
      : undefined;
  }

  #estimator(inputStreamId: number): PidRateEstimator {
    const known = this.#estimators.get(inputStreamId);
    if (known !== undefined) return known;
    const pid = 'spark.streaming.backpressure.pid';
    const estimator = new PidRateEstimator({
      batchMs: this.#batchMs,
      proportional: this.#config.number(`${pid}.proportional`),
      integral: this.#config.number(`${pid}.integral`),
      derivative: this.#config.number(`${pid}.derived`),
      minRate: this.#config.number(`${pid}.minRate`),
    });
    this.#estimators.set(inputStreamId, estimator);
    return estimator;
  }
}
