import type { Time } from '../kernel/time.ts';
import type { RDD } from '../rdd/rdd.ts';
import { DStream } from './dstream.ts';
import type { InputPart } from './input-node.ts';
import { CustomInput } from './inputs/custom-input.ts';
import type { StreamingContext } from './streaming-context.ts';

/**
 * An input of one's own: a stream whose RDDs the program makes. Subclass it; creating an object of the class adds it to the context.
 *
 * - `start` is called once, before the first batch; `stop` once, when the context stops.
 * - `compute` is called once for each batch time that is needed, in order; null means that there is no RDD at this time, which is not
 *   the same as an empty one. After a restart it is called again for a batch that was planned and not committed: to lose nothing and
 *   count nothing twice, it has to give the same.
 *
 * @example
 * class Countdown extends InputDStream<number> {
 *   start() {}
 *   stop() {}
 *   compute(time) { return this.context.sparkContext.parallelize([time]); }
 * }
 * new Countdown(ssc).print();
 */
export abstract class InputDStream<T> extends DStream<T> {
  readonly #infos: Map<Time, InputPart>;

  constructor(context: StreamingContext) {
    const infos = new Map<Time, InputPart>();
    const step = context.graph.step('input', []);
    // Called only after the start, when the object is complete.
    const node = new CustomInput<T>(step, context.batchMs, {
      start: () => this.start(),
      stop: () => this.stop(),
      compute: (time) => this.compute(time),
      info: (time) => infos.get(time),
    });
    super(context, node);
    this.#infos = infos;
    context.graph.addInput(node);
  }

  abstract start(): void | Promise<void>;
  abstract stop(): void | Promise<void>;
  abstract compute(time: Time): RDD<T> | null | Promise<RDD<T> | null>;

  /** Says, from `compute`, how many records the batch at `time` has: for listeners, delays and backpressure. */
  protected reportInfo(time: Time, numRecords: number, metadata: Readonly<Record<string, unknown>> = {}): void {
    this.#infos.set(time, { records: numRecords, metadata });
    for (const known of this.#infos.keys()) {
      if (known > time - 100 * this.slideDuration) break;
      this.#infos.delete(known);
    }
  }
}
