import type { Offset } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';
import { failure, raise } from '../../kernel/errors.ts';
import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import { type InputContext, InputNode, type InputPart, type InputRun } from '../input-node.ts';
import { Intake } from '../receivers/intake.ts';
import { RateGate } from '../receivers/rate-gate.ts';
import { type BlockPosition, ReceivedBlocks } from '../receivers/received-blocks.ts';
import { ReceivedRdd } from '../receivers/received-rdd.ts';
import type { Receiver } from '../receivers/receiver.ts';
import { ReceiverSupervisor } from '../receivers/receiver-supervisor.ts';
import type { Step } from '../step.ts';
import { TimeList } from '../time-list.ts';

/**
 * What a receiver stores, as a stream. Batch `t` has what came before `t` and is in no earlier batch; each block is a partition. A plan
 * names blocks by number.
 *
 * With the write-ahead log nothing that was acknowledged is lost: a block is durable before it counts as received, and stays until its
 * batch is committed. Without it a checkpoint can be continued all the same, without the records that were not processed; that is
 * warned of at the start, and counted when it happens.
 */
export class ReceiverInput<T> extends InputNode<T> {
  readonly isAlwaysPresent = true;
  readonly isReplayable = true;
  override readonly countsWhenPlanned = true;
  readonly #receiver: Receiver<T>;

  constructor(step: Step, slideMs: number, receiver: Receiver<T>) {
    super(step, slideMs);
    this.#receiver = receiver;
  }

  open(from: Offset | undefined, context: InputContext): Promise<InputRun<T>> {
    const { config, id, received, warn } = context;
    const isLogging = config.flag('spark.streaming.receiver.writeAheadLog.enable');
    if (isLogging && received === undefined) raise('STREAM_LOG_NEEDS_CHECKPOINT', { input: id });
    if (!isLogging && received !== undefined) warn(failure('STREAM_RECEIVED_NOT_LOGGED', { input: id }).message);
    const blocks = new ReceivedBlocks<T>(id, received, isLogging, positionOf(from));
    return Promise.resolve(new ReceiverRun(this.#receiver, blocks, context));
  }
}

class ReceiverRun<T> implements InputRun<T> {
  readonly #blocks: ReceivedBlocks<T>;
  readonly #context: InputContext;
  readonly #gate: RateGate;
  readonly #intake: Intake<T>;
  readonly #supervisor: ReceiverSupervisor<T>;
  readonly #ranges = new TimeList<PlannedRange>();

  constructor(receiver: Receiver<T>, blocks: ReceivedBlocks<T>, context: InputContext) {
    const { clock, config, zeroTime } = context;
    const blockMs = config.number('spark.streaming.blockInterval');
    const limit = 'spark.streaming.receiver.maxRate';
    this.#blocks = blocks;
    this.#context = context;
    this.#gate = new RateGate(clock, blockMs, config.has(limit) ? config.number(limit) : undefined);
    this.#intake = new Intake({
      clock,
      zeroTime,
      blockMs,
      gate: this.#gate,
      blocks,
      maxWaitingBytes: config.number('millrace.source.heldBytes'),
    });
    this.#supervisor = new ReceiverSupervisor(receiver, this.#intake, {
      ...context,
      restartDelayMs: config.number('spark.streaming.receiverRestartDelay'),
      stopTimeoutMs: config.number('millrace.stop.timeout'),
    });
  }

  begin(): void {
    this.#supervisor.start();
  }

  async stopReceiving(): Promise<void> {
    await this.#supervisor.close();
  }

  allot(time: Time, { maxRecords }: ReadLimit): Promise<PlannedRange> {
    const batchS = this.#context.batchMs / 1000;
    this.#gate.setRate(maxRecords === undefined ? undefined : maxRecords / batchS);
    this.#intake.flush();
    const from = this.#blocks.position;
    const until = this.#blocks.take(time);
    const range = {
      time,
      from: { ...from },
      until: { ...until },
      ...(this.#blocks.isLogging ? { detail: 'logged' } : {}),
    };
    this.#ranges.set(time, range);
    return Promise.resolve(range);
  }

  adopt(range: PlannedRange): void {
    this.restore(range);
    const [from, until] = [positionOf(range.from), positionOf(range.until)];
    this.#blocks.moveTo(until);
    if (range.detail === 'logged') return;
    const lost = numbersOf(range).filter((number) => !this.#blocks.has(number)).length;
    if (lost === 0) return;
    const { id, warn } = this.#context;
    warn(
      failure('STREAM_RECEIVED_LOST', { records: until.records - from.records, input: id, batch: range.time }).message,
    );
  }

  restore(range: PlannedRange): void {
    this.#ranges.set(range.time, range);
  }

  retained(upTo: Time): readonly PlannedRange[] {
    return [...this.#ranges.upTo(upTo)].filter(({ from, until }) => (from['blocks'] ?? 0) < (until['blocks'] ?? 0));
  }

  rdd(time: Time): RddNode<T> | undefined {
    const range = this.#ranges.get(time);
    if (range === undefined) return undefined;
    return new ReceivedRdd(this.#context.id, this.#blocks, {
      from: positionOf(range.from).blocks,
      until: positionOf(range.until).blocks,
      isLogged: range.detail === 'logged',
    });
  }

  part(time: Time): InputPart | undefined {
    const range = this.#ranges.get(time);
    if (range === undefined) return undefined;
    return { records: positionOf(range.until).records - positionOf(range.from).records, metadata: {} };
  }

  batchDone(time: Time): void {
    for (const range of this.#ranges.upTo(time)) {
      this.#blocks.done(positionOf(range.from).blocks, positionOf(range.until).blocks);
    }
    this.#intake.admit();
  }

  release(upTo: Time): void {
    this.#ranges.dropUntil(upTo);
    this.#blocks.forgetBelow(this.#firstReadable(this.#blocks.position));
  }

  committed(until: Offset): Promise<void> {
    this.#blocks.dropBelow(this.#firstReadable(positionOf(until)));
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
    const records = this.#blocks.unsafeRecords;
    const { id, warn } = this.#context;
    if (records > 0) warn(failure('STREAM_RECEIVED_DROPPED', { records, input: id }).message);
  }

  /** The first block that a batch may still read: those of remembered batches, and otherwise what comes from a position on. */
  #firstReadable(position: BlockPosition): number {
    // A later range begins where the one before has ended.
    const first = this.#ranges.first;
    return first === undefined ? position.blocks : Math.min(position.blocks, positionOf(first.from).blocks);
  }
}

function positionOf(offset: Offset | undefined): BlockPosition {
  return { blocks: offset?.['blocks'] ?? 0, records: offset?.['records'] ?? 0 };
}

function numbersOf(range: PlannedRange): readonly number[] {
  const from = positionOf(range.from).blocks;
  return Array.from({ length: positionOf(range.until).blocks - from }, (_, i) => from + i);
}
