import { decode, encode } from '../../kernel/codec.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import type { ReceivedLog } from '../../store/received-log.ts';

/** Records that were received together, before they have a number. */
export interface NewBlock<T> {
  readonly values: readonly T[];
  /** When the first of them came. */
  readonly arrivedAt: Time;
  /** About how much memory they take. */
  readonly sizeBytes: number;
}

interface Block<T> extends Omit<NewBlock<T>, 'values'> {
  readonly records: number;
  /** Undefined where only the log has them. */
  values: readonly T[] | undefined;
  isDone: boolean;
}

/** Where an input of received blocks stands: the next block, and the records before it. */
export interface BlockPosition {
  readonly blocks: number;
  readonly records: number;
}

/** What comes before anything that arrives in this process. */
const earlier = Number.NEGATIVE_INFINITY;

/**
 * The blocks of one receiver, numbered in the order in which they came: those that wait for a batch, and those of batches that may
 * still be read. With a log a block is durable before it is here; what the log holds of an earlier process is here from the start.
 */
export class ReceivedBlocks<T> {
  readonly #input: OperatorId;
  readonly #log: ReceivedLog | undefined;
  readonly #isLogging: boolean;
  readonly #blocks = new Map<number, Block<T>>();
  #position: BlockPosition;
  #next: number;
  #waitingBytes = 0;

  /** `log` is where blocks may be; new ones are written to it when `isLogging`. Everything from `position` on waits for a batch. */
  constructor(input: OperatorId, log: ReceivedLog | undefined, isLogging: boolean, position: BlockPosition) {
    this.#input = input;
    this.#log = log;
    this.#isLogging = isLogging && log !== undefined;
    this.#position = position;
    this.#next = position.blocks;
    for (const { number, records } of log?.list(input) ?? []) {
      this.#blocks.set(number, { records, arrivedAt: earlier, sizeBytes: 0, values: undefined, isDone: false });
      this.#next = Math.max(this.#next, number + 1);
    }
  }

  get isLogging(): boolean {
    return this.#isLogging;
  }

  get position(): BlockPosition {
    return this.#position;
  }

  /** Memory of records whose batch is not done. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Records whose batch is not done, that only memory holds. */
  get unsafeRecords(): number {
    if (this.#isLogging) return 0;
    let records = 0;
    for (const block of this.#blocks.values())
      if (!block.isDone && block.values !== undefined) records += block.records;
    return records;
  }

  /** Takes blocks in. With a log they are durable when this returns; when it throws, none was taken. */
  add(blocks: readonly NewBlock<T>[]): void {
    const first = this.#next;
    if (this.#isLogging) {
      const written = blocks.map(({ values }, i) => ({
        number: first + i,
        records: values.length,
        bytes: encode(values),
      }));
      this.#log?.append(this.#input, written);
    }
    for (const { values, arrivedAt, sizeBytes } of blocks) {
      this.#blocks.set(this.#next, { records: values.length, values, arrivedAt, sizeBytes, isDone: false });
      this.#next += 1;
      this.#waitingBytes += sizeBytes;
    }
  }

  /** Gives the blocks that came before `time` to a batch, from the position on; the position moves behind them. */
  take(time: Time): BlockPosition {
    let { blocks, records } = this.#position;
    for (let block = this.#blocks.get(blocks); block !== undefined; block = this.#blocks.get(blocks)) {
      if (block.arrivedAt >= time) break;
      blocks += 1;
      records += block.records;
    }
    this.#position = { blocks, records };
    return this.#position;
  }

  /** Goes on behind the blocks of a batch that was planned earlier. */
  moveTo(position: BlockPosition): void {
    this.#position = position;
    this.#next = Math.max(this.#next, position.blocks);
  }

  has(number: number): boolean {
    return this.#blocks.has(number);
  }

  /** The records of a block; undefined when they are gone. */
  values(number: number): readonly T[] | undefined {
    const block = this.#blocks.get(number);
    if (block?.values !== undefined) return block.values;
    const bytes = this.#log?.read(this.#input, number);
    return bytes === undefined ? undefined : (decode(bytes) as readonly T[]);
  }

  /** The batch of these blocks is over. What the log holds leaves memory. */
  done(from: number, until: number): void {
    for (let number = from; number < until; number++) {
      const block = this.#blocks.get(number);
      if (block === undefined || block.isDone) continue;
      block.isDone = true;
      this.#waitingBytes -= block.sizeBytes;
      if (this.#isLogging) block.values = undefined;
    }
  }

  /** Nothing below will be read again: memory lets go of it. */
  forgetBelow(number: number): void {
    for (const known of this.#blocks.keys()) {
      if (known >= number) break;
      this.#blocks.delete(known);
    }
  }

  /** The batches of everything below are committed: the log lets go of it. */
  dropBelow(number: number): void {
    this.#log?.dropBelow(this.#input, number);
  }
}
