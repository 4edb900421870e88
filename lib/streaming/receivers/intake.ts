import type { Clock } from '../../kernel/clock.ts';
import { nextTurn } from '../../kernel/turns.ts';
import type { Time } from '../../kernel/time.ts';
import { Fifo } from '../fifo.ts';
import type { RateGate } from './rate-gate.ts';
import type { NewBlock, ReceivedBlocks } from './received-blocks.ts';
import { roughBytes } from './rough-bytes.ts';

export interface IntakeOptions<T> {
  readonly clock: Clock;
  readonly zeroTime: Time;
  readonly blockMs: number;
  readonly gate: RateGate;
  readonly blocks: ReceivedBlocks<T>;
  /** With more than this waiting for its batch, whoever stores has to wait too. */
  readonly maxWaitingBytes: number;
}

interface Waiting<T> {
  readonly values: readonly T[];
  /** A block of its own. */
  readonly isBlock: boolean;
  readonly settle: (isTaken: boolean) => void;
}

interface Draft<T> {
  readonly block: NewBlock<T>;
  readonly settle: (isTaken: boolean) => void;
}

/** After so many records without a wait the event loop has its turn, or a receiver that never waits would stop everything else. */
const recordsPerTurn = 4096;

const taken = Promise.resolve(true);
const refused = Promise.resolve(false);

/**
 * Makes blocks of what a receiver stores: single records that came within one block interval make a block, records stored together
 * make one of their own. Records are taken in the order in which they were stored; while rate or memory do not allow more, they wait.
 *
 * Blocks of the same turn of the event loop share one write to the log.
 */
export class Intake<T> {
  readonly #options: IntakeOptions<T>;
  readonly #waiting = new Fifo<Waiting<T>>();
  #open: { values: T[]; arrivedAt: Time; sizeBytes: number } | undefined;
  #drafts: Draft<T>[] = [];
  #timer: { unsubscribe(): void } | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #failure: { readonly error: unknown } | undefined;
  #stored = 0;
  #sinceTurn = 0;

  constructor(options: IntakeOptions<T>) {
    this.#options = options;
  }

  /** Records taken so far. */
  get stored(): number {
    return this.#stored;
  }

  store(value: T): Promise<boolean> {
    if (this.#isClosed || this.#failure !== undefined) return refused;
    if (this.#waiting.size === 0 && this.#mayPass()) {
      this.#takeOne(value);
      this.#sinceTurn += 1;
      return this.#sinceTurn < recordsPerTurn ? taken : this.#afterTurn();
    }
    return this.#wait([value], false);
  }

  storeMany(values: Iterable<T>): Promise<boolean> {
    if (this.#isClosed || this.#failure !== undefined) return refused;
    const block = [...values];
    if (block.length === 0) return taken;
    if (this.#waiting.size > 0 || !this.#mayPass()) return this.#wait(block, true);
    return new Promise((settle) => {
      this.#takeBlock(block, settle);
    });
  }

  /** Everything that was taken becomes blocks now. Throws what has kept records from being stored. */
  flush(): void {
    this.#cut();
    this.#write();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Room was made: those who wait may go on. */
  admit(): void {
    while (this.#waiting.size > 0 && this.#failure === undefined && (this.#isClosed || this.#mayPass())) {
      const next = this.#waiting.take() as Waiting<T>;
      if (next.isBlock) this.#takeBlock(next.values, next.settle);
      else {
        for (const value of next.values) this.#takeOne(value);
        next.settle(true);
      }
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  /** Takes nothing more. What waits was handed over already and is taken still. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.admit();
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#cut();
    this.#write();
  }

  #mayPass(): boolean {
    const { gate, blocks, maxWaitingBytes } = this.#options;
    return gate.isOpen && blocks.waitingBytes + (this.#open?.sizeBytes ?? 0) < maxWaitingBytes;
  }

  async #afterTurn(): Promise<boolean> {
    this.#sinceTurn = 0;
    await nextTurn();
    return true;
  }

  #wait(values: readonly T[], isBlock: boolean): Promise<boolean> {
    this.#schedule();
    return new Promise((settle) => {
      this.#waiting.push({ values, isBlock, settle });
    });
  }

  #takeOne(value: T): void {
    this.#pass(1);
    if (this.#open === undefined) {
      this.#open = { values: [], arrivedAt: this.#options.clock.now(), sizeBytes: 0 };
      this.#schedule();
    }
    this.#open.values.push(value);
    this.#open.sizeBytes += roughBytes(value);
  }

  #takeBlock(values: readonly T[], settle: (isTaken: boolean) => void): void {
    this.#pass(values.length);
    const sizeBytes = values.reduce((sum, value) => sum + roughBytes(value), 0);
    // Records that were stored before stay before.
    this.#cut();
    this.#drafts.push({ block: { values, arrivedAt: this.#options.clock.now(), sizeBytes }, settle });
    if (!this.#options.blocks.isLogging) {
      this.#write();
      return;
    }
    this.#writing ??= nextTurn().then(() => {
      this.#writing = undefined;
      this.#write();
    });
    this.#options.clock.hold(this.#writing);
  }

  #pass(records: number): void {
    this.#options.gate.pass(records);
    this.#stored += records;
  }

  /** Ends the block of single records. */
  #cut(): void {
    if (this.#open === undefined) return;
    this.#drafts.push({ block: this.#open, settle: () => undefined });
    this.#open = undefined;
  }

  #write(): void {
    const drafts = this.#drafts;
    this.#drafts = [];
    if (drafts.length === 0) return;
    try {
      this.#options.blocks.add(drafts.map(({ block }) => block));
    } catch (error) {
      // The next batch fails with it, and the context stops: nothing is dropped in silence.
      this.#failure ??= { error };
      for (let next = this.#waiting.take(); next !== undefined; next = this.#waiting.take()) next.settle(false);
    }
    for (const { settle } of drafts) settle(this.#failure === undefined);
  }

  /** At the next whole block interval the open block is cut, and more may pass. */
  #schedule(): void {
    if (this.#timer !== undefined) return;
    const { clock, zeroTime, blockMs } = this.#options;
    const sinceZero = clock.now() - zeroTime;
    const delayMs = (Math.floor(sinceZero / blockMs) + 1) * blockMs - sinceZero;
    this.#timer = clock.schedule(() => {
      this.#timer = undefined;
      this.#cut();
      this.#write();
      this.admit();
    }, delayMs);
  }
}
