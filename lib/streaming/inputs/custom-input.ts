import type { Offset } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';
import { failure, located, messageOf, raise } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import { RDD } from '../../rdd/rdd.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { type InputContext, InputNode, type InputPart, type InputRun } from '../input-node.ts';
import type { Step } from '../step.ts';

/** What a program's own input does. */
export interface InputFunctions<T> {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  compute(time: Time): RDD<T> | null | Promise<RDD<T> | null>;
  /** Whether `compute` gives the same again for the same time, in another process. */
  isRepeatable(): boolean;
  /** What the input said of a batch. */
  info(time: Time): InputPart | undefined;
}

/** An input whose RDDs a program makes itself. Plans count its batches: one that was planned is computed again after a restart. */
export class CustomInput<T> extends InputNode<T> {
  readonly isAlwaysPresent = false;
  readonly isReplayable = true;
  readonly #functions: InputFunctions<T>;

  constructor(step: Step, slideMs: number, functions: InputFunctions<T>) {
    super(step, slideMs);
    this.#functions = functions;
  }

  open(from: Offset | undefined, context: InputContext): Promise<InputRun<T>> {
    if (context.received !== undefined && !this.#functions.isRepeatable()) {
      context.warn(failure('STREAM_INPUT_MAY_DIFFER', { input: context.id }).message);
    }
    return Promise.resolve(new CustomRun(this.#functions, from?.['batches'] ?? 0, context.id));
  }

  override async compute(time: Time, graph: BatchGraph): Promise<RddNode<T> | undefined> {
    return await (graph.input(this) as CustomRun<T>).at(time);
  }
}

class CustomRun<T> implements InputRun<T> {
  readonly #functions: InputFunctions<T>;
  readonly #operator: OperatorId;
  readonly #planned = new Set<Time>();
  readonly #rdds = new Map<Time, RddNode<T> | undefined>();
  #batches: number;
  #isStarted = false;

  constructor(functions: InputFunctions<T>, batches: number, operator: OperatorId) {
    this.#functions = functions;
    this.#batches = batches;
    this.#operator = operator;
  }

  async begin(): Promise<void> {
    this.#isStarted = true;
    await this.#call(() => this.#functions.start());
  }

  async allot(time: Time, _limit: ReadLimit): Promise<PlannedRange> {
    const rdd = await this.#compute(time);
    const from = { batches: this.#batches };
    if (rdd !== undefined) this.#batches += 1;
    return { time, from, until: { batches: this.#batches } };
  }

  adopt(range: PlannedRange): void {
    this.restore(range);
    this.#batches = range.until['batches'] ?? this.#batches;
  }

  restore(range: PlannedRange): void {
    this.#planned.add(range.time);
  }

  retained(): readonly PlannedRange[] {
    return [];
  }

  rdd(time: Time): RddNode<T> | undefined {
    return this.#rdds.get(time);
  }

  /** The batch at a time: as it was planned, or computed again where an earlier process planned it. */
  async at(time: Time): Promise<RddNode<T> | undefined> {
    if (this.#rdds.has(time) || !this.#planned.has(time)) return this.#rdds.get(time);
    return await this.#compute(time);
  }

  part(time: Time): InputPart | undefined {
    return this.#functions.info(time);
  }

  batchDone(): void {
    // The RDDs are the program's own.
  }

  release(upTo: Time): void {
    for (const time of this.#rdds.keys()) if (time <= upTo) this.#rdds.delete(time);
    for (const time of this.#planned) if (time <= upTo) this.#planned.delete(time);
  }

  committed(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    await this.#call(() => this.#functions.stop());
  }

  async #compute(time: Time): Promise<RddNode<T> | undefined> {
    const rdd = await this.#call(() => this.#functions.compute(time));
    if (rdd !== null && rdd !== undefined && !(rdd instanceof RDD)) {
      raise(
        'STREAM_TRANSFORM_RESULT',
        { method: 'compute', result: String(rdd) },
        { where: { operator: this.#operator, batchTime: time } },
      );
    }
    this.#rdds.set(time, rdd?.node);
    return rdd?.node;
  }

  async #call<R>(f: () => R | Promise<R>): Promise<R> {
    try {
      return await f();
    } catch (error) {
      const where = { operator: this.#operator };
      throw (
        located(error, where) ?? raise('STREAM_FUNCTION_FAILED', { reason: messageOf(error) }, { cause: error, where })
      );
    }
  }
}
