import type { CheckpointFactory } from '../../batch/checkpoint.ts';
import { type ProgramSource, setProgramSource } from '../../batch/program-source.ts';
import { ManualClock } from '../../kernel/manual-clock.ts';
import { collect } from '../../rdd/actions/collect.ts';
import type { Config } from '../../streaming/configuration.ts';
import type { DStream } from '../../streaming/dstream.ts';
import { TimedInput } from '../../streaming/inputs/timed-input.ts';
import { PidRateEstimator } from '../../streaming/pid-rate-estimator.ts';
import { StateSpec } from '../../streaming/state-spec.ts';
import { StreamingContext } from '../../streaming/streaming-context.ts';
import type { DStreamCase } from './golden-file.ts';

/** Where checkpoints of golden cases are kept. */
export interface GoldenCheckpoints {
  readonly open?: CheckpointFactory;
  /** Settings besides the compatible mode: the kind of store. */
  readonly config?: Config;
  /** How other threads build the program of the case. */
  readonly source?: ProgramSource;
  directory(): string;
  /** Makes a directory that a text writes to itself. */
  makeDirectory?(path: string): void;
}

/** What ran: batch times with what came out, in the order of running. */
export type Recorded = [time: number, value: unknown][];

/** One context that runs a case in compatible mode on a clock of its own. */
export class GoldenContext {
  readonly ssc: StreamingContext;
  readonly clock: ManualClock;
  readonly s: DStream<never> | undefined;
  readonly #case: DStreamCase;
  readonly #others: readonly DStream<never>[];

  constructor(
    goldenCase: DStreamCase,
    batchMs: number,
    clock: ManualClock,
    checkpoints: GoldenCheckpoints,
    directory?: string,
  ) {
    const { params } = goldenCase;
    if (checkpoints.source !== undefined) setProgramSource(checkpoints.source);
    this.#case = goldenCase;
    this.clock = clock;
    this.ssc = new StreamingContext({
      appName: 'golden',
      batchInterval: batchMs,
      clock,
      config: { ...checkpoints.config, 'millrace.spark.compat': true },
      ...(checkpoints.open === undefined ? {} : { openCheckpoint: checkpoints.open }),
    });
    if (params.rememberMs !== undefined) this.ssc.remember(params.rememberMs);
    if (params.checkpointDir !== false) this.ssc.checkpoint(directory ?? checkpoints.directory());
    const { inputs, inputs2, inputs3 } = goldenCase;
    const streams = [inputs, inputs2, inputs3].flatMap((input) => (input === undefined ? [] : [this.#stream(input)]));
    [this.s] = streams;
    this.#others = streams.slice(1);
  }

  /** The streams of `inputs`, `inputs2` and `inputs3`, by the names that texts give them. */
  get streams(): Readonly<Record<string, DStream<unknown>>> {
    const [t, u] = this.#others;
    return Object.fromEntries(
      Object.entries({ s: this.s, t, u }).filter((entry): entry is [string, DStream<never>] => entry[1] !== undefined),
    );
  }

  /** What the case's text makes of the streams. `names` are further variables of the text. */
  evaluate(names: Readonly<Record<string, unknown>> = {}): unknown {
    const [t, u] = this.#others;
    const given: Record<string, unknown> = { ssc: this.ssc, StateSpec, PidRateEstimator, s: this.s, t, u, ...names };
    // The texts are the programs of this test: they have to be evaluated.
    // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
    const made: unknown = new Function(...Object.keys(given), `'use strict'; return (${this.#case.function});`)(
      ...Object.values(given),
    );
    const isFunctionOfStreams = typeof made === 'function' && !this.#case.function.trimStart().startsWith('ssc.');
    return isFunctionOfStreams
      ? (made as (...streams: unknown[]) => unknown)(given['s'], given['t'], given['u'])
      : made;
  }

  /** Registers an output operation that writes down every batch of a stream. */
  record(stream: DStream<unknown>, into: Recorded): void {
    stream.foreachRDD(async (rdd, time) => {
      into.push([time, await collect(rdd.node)]);
    });
  }

  /** Starts, runs so many batches and stops. */
  async run(batches: number): Promise<void> {
    await this.ssc.start();
    try {
      await this.clock.advance(batches * this.ssc.batchMs);
      await this.failIfFailed();
    } finally {
      await this.ssc.stop();
    }
  }

  /** In compatible mode a failure does not end the context: it has to be asked for. */
  async failIfFailed(): Promise<void> {
    if (this.ssc.hasFailed) await this.ssc.awaitTermination();
  }

  #stream(batches: readonly (readonly unknown[] | null)[]): DStream<never> {
    const partitions = this.#case.params.inputPartitions ?? 2;
    const batchAt = (_: number, index: number): readonly never[] | null => {
      const batch = batches[index];
      return batch === undefined ? [] : (batch as readonly never[] | null);
    };
    return this.ssc.inputStream('golden', (step, slideMs) => new TimedInput<never>(step, slideMs, batchAt, partitions));
  }
}

/** A clock at the time a case starts. */
export function clockOf(goldenCase: DStreamCase): ManualClock {
  return new ManualClock(goldenCase.params.startClockMs ?? 0);
}
