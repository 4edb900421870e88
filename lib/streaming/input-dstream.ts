import type { Time } from '../kernel/time.ts';
import { raise } from '../kernel/errors.ts';
import { kindOf } from '../rdd/function-failure.ts';
import type { RDD } from '../rdd/rdd.ts';
import { DStream } from './dstream.ts';
import type { InputPart } from './input-node.ts';
import { CustomInput } from './inputs/custom-input.ts';
import { StreamingContext } from './streaming-context.ts';

/**
 * An input of one's own: a stream whose RDDs the program makes. Subclass it; creating an object of the class adds it to the context.
 *
 * - `start` is called once, before the first batch; `stop` once, when the context stops.
 * - `compute` is called once for each batch time that is needed, in order; null means that there is no RDD at this time, which is not
 *   the same as an empty one. After a restart it is called again for a batch that was planned and not committed: to lose nothing and
 *   count nothing twice, it has to give the same (`isRepeatable`).
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
    requireContext(context);
    const infos = new Map<Time, InputPart>();
    const step = context.graph.step('input', []);
    // Called only after the start, when the object is complete.
    const node = new CustomInput<T>(step, context.batchMs, {
      start: () => this.start(),
      stop: () => this.stop(),
      compute: (time) => this.compute(time),
      isRepeatable: () => this.isRepeatable,
      info: (time) => infos.get(time),
    });
    super(context, node);
    this.#infos = infos;
    context.graph.addInput(node);
  }

  /**
   * Whether `compute` gives the same for the same time, also in another process. Without that a batch that a crash has ended may come out
   * differently when it runs again, which is said at start where there is a checkpoint directory.
   */
  protected get isRepeatable(): boolean {
    return false;
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

function requireContext(context: unknown): void {
  if (context instanceof StreamingContext) return;
  raise('STREAM_ARGUMENT', {
    method: 'InputDStream',
    name: 'context',
    given: kindOf(context),
    expected: 'a StreamingContext',
  });
}
