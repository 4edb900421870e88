import type { ProgramSource } from '../../batch/program-source.ts';
import type { Thread, Threads } from '../../io/host.ts';
import { systemClock } from '../../kernel/clock.ts';
import { endsWithin } from '../../kernel/deadline.ts';
import { failure, type MillraceError } from '../../kernel/errors.ts';
import { fromPlain, toPlain } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import type { KeyColumns } from '../../rdd/key-columns.ts';
import { type Packed, valuesOf } from '../../rdd/packed.ts';
import { ReadElsewhere } from '../../rdd/record-place.ts';
import type { PackedTable } from '../../store/state-store.ts';
import { grouped } from './grouped.ts';
import { HeardKeys } from './key-news.ts';
import type { FromThread, InputRange, Stage, ToThread } from './messages.ts';
import { memoryOf } from './scattering.ts';

/** What came of one partition. */
export type Made =
  | { readonly kind: 'made'; readonly packed: Packed }
  | { readonly kind: 'combined'; readonly columns: KeyColumns<unknown, unknown> }
  | { readonly kind: 'counted'; readonly count: number }
  | { readonly kind: 'scattered' }
  | { readonly kind: 'settled'; readonly changes: readonly PackedTable[] }
  | { readonly kind: 'unsendable'; readonly what: string };

type Settle = Extract<ToThread, { readonly kind: 'settle' }>;
type Locate = Extract<ToThread, { readonly kind: 'locate' }>;

/** What a thread has not answered yet: sent again to its successor when it dies. */
interface Pending {
  readonly stage: Stage;
  readonly partition: number;
  readonly ranges: readonly InputRange[];
  /** Threads that died over it. */
  deaths: number;
  resolve(made: Made): void;
  reject(error: unknown): void;
}

/** What an answer is to. */
interface Asked {
  readonly request: number;
  /** Undefined for what was not asked of a partition. */
  readonly partition?: number;
}

export interface ProgramThreadsOptions {
  readonly threads: Threads;
  readonly source: Extract<ProgramSource, { readonly entry: string }>;
  readonly count: number;
  /** What the program is here: a thread that builds another one is of no use. */
  readonly description: string;
  readonly zeroTime: Time;
  readonly warn: (text: string) => void;
  /** Asked when a thread has died: what is said to whoever waits for any of them, where the others are of no use without it. */
  readonly died?: (reason: string) => MillraceError | undefined;
}

/** A program may take so long to be built in a thread. */
const buildLimitMs = 60_000;

/**
 * The threads that compute partitions for this one. Each has built the program itself; it is told what to make of which partitions and
 * answers with one message for each. What it makes depends on nothing but the ranges it is given: so when a thread dies its successor is
 * asked the same again, once. Where threads have states, and pairs of one another, all of them begin anew, and so does the batch.
 */
export class ProgramThreads {
  readonly #options: ProgramThreadsOptions;
  readonly #slots: Slot[] = [];
  readonly #told = new Set<string>();
  #isClosed = false;
  #beginning: Promise<void> = Promise.resolve();

  private constructor(options: ProgramThreadsOptions) {
    this.#options = options;
  }

  /** Starts the threads and waits until each has built the program; otherwise the reason why they cannot be used. */
  static async open(options: ProgramThreadsOptions): Promise<ProgramThreads | { readonly reason: string }> {
    const opened = new ProgramThreads(options);
    const built = Array.from({ length: options.count }, async (_, index) => await opened.#startSlot(index));
    const reason = (await Promise.all(built)).find((each) => each !== undefined);
    if (reason === undefined) return opened;
    await opened.close();
    return { reason };
  }

  get count(): number {
    return this.#slots.length;
  }

  /** Has one thread make something of some partitions; one answer for each. */
  make(
    slot: number,
    stage: Stage,
    partitions: readonly number[],
    ranges: readonly InputRange[],
  ): readonly Promise<Made>[] {
    const pending: Pending[] = [];
    const answers = partitions.map(
      async (partition) =>
        await new Promise<Made>((resolve, reject) => {
          pending.push({ stage, partition, ranges, deaths: 0, resolve, reject });
        }),
    );
    this.#slots[slot]?.ask(pending);
    return answers;
  }

  /** Has one thread settle its states; gives what has changed in them. */
  async settle(
    slot: number,
    moved: Settle['moved'],
    collected: Settle['collected'],
    ranges: readonly InputRange[],
  ): Promise<readonly PackedTable[]> {
    const settled = await this.#slots[slot]?.call({ kind: 'settle', moved, collected, ranges });
    return settled?.kind === 'settled' ? settled.changes : [];
  }

  /** Has the thread that has read a record say which it is: rejects with the error, told where. */
  async locate(slot: number, { error, record }: ReadElsewhere): Promise<void> {
    await this.#slots[slot]?.call({ kind: 'locate', record, error: toPlain(error) });
  }

  post(slot: number, message: ToThread): void {
    this.#slots[slot]?.post(message);
  }

  finish(time: Time, isCommitted: boolean): void {
    for (const slot of this.#slots) slot.post({ kind: 'finish', time, isCommitted });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      this.#slots.map(async (slot) => {
        await slot.end();
      }),
    );
  }

  async #startSlot(index: number): Promise<string | undefined> {
    const slot = new Slot(index);
    this.#slots[index] = slot;
    return await this.#start(slot);
  }

  /** All threads begin anew: they have nothing of what they had, and nobody gets what was asked of them. */
  async beginAnew(error: MillraceError): Promise<void> {
    for (const slot of this.#slots) slot.drop(error);
    this.#beginning = this.#beginAfter(this.#beginning);
    await this.#beginning;
  }

  /** One after the other: another thread may die meanwhile. */
  async #beginAfter(before: Promise<void>): Promise<void> {
    await before;
    if (this.#isClosed) return;
    await Promise.all(
      this.#slots.map(async (slot) => {
        await slot.end();
        const cannot = await this.#start(slot);
        if (cannot !== undefined) slot.lose(failure('STREAM_THREAD_ENDED', { reason: cannot }));
      }),
    );
  }

  /** Starts the thread of a slot; gives the reason why it is of no use. */
  async #start(slot: Slot): Promise<string | undefined> {
    const { threads, source, description, zeroTime, count } = this.#options;
    const { round } = slot;
    const outcome = new Promise<string | undefined>((tell) => {
      let isBuilt = false;
      const heard = new HeardKeys();
      const thread = threads.start(source.entry, source.data, {
        message: (message) => {
          const said = message as FromThread;
          // What was asked of it nobody wants any more.
          if (isBuilt && slot.round !== round) return;
          if (said.kind === 'built') {
            isBuilt = true;
            const isSame = said.description === description;
            tell(isSame ? undefined : 'its module builds another program when it is loaded again');
          } else if (said.kind === 'notBuilt') tell(said.reason);
          else if (said.kind === 'warning') this.#warnOnce(said.text);
          else if (said.kind === 'combined') {
            // News have to be heard in order, whether or not somebody waits for what they came with.
            const { request, partition, ids } = said;
            const columns = { keys: heard.take(said.news), ids, values: valuesOf(said.values) };
            slot.answered({ request, partition }, { kind: 'combined', columns });
          } else if (said.kind === 'scattered') {
            const { stage, partition } = said;
            for (const { to, bucket } of said.buckets)
              this.#slots[to]?.post({ kind: 'bucket', stage, partition, from: slot.place, bucket }, memoryOf(bucket));
            slot.answered(said, said);
          } else {
            if (said.kind === 'failed' || said.kind === 'unsendable') this.#tellLost(slot, said);
            slot.answered(said, said);
          }
        },
        ended: (reason) => {
          if (!isBuilt) tell(`its module cannot be loaded in a thread (${reason})`);
          else void this.#replace(slot, reason);
        },
      });
      slot.use(thread);
      // It was closed while others began.
      if (this.#isClosed) void slot.end();
    });
    if (!(await endsWithin(systemClock, outcome, buildLimitMs)))
      return 'its module does not come to start() in a thread';
    const reason = await outcome;
    // Another one is to take its place already: what waits is for that one.
    if (reason === undefined && slot.round === round) slot.begin({ kind: 'begin', zeroTime, place: slot.place, count });
    return reason;
  }

  /** Who waits for pairs of a thread that has failed is told so: behind it wait others, for what did not fail. */
  #tellLost(slot: Slot, said: Extract<FromThread, { readonly kind: 'failed' | 'unsendable' }>): void {
    const { partition = -1 } = said;
    const stage = slot.stageOf(said.request, partition);
    if (stage === undefined || !(stage.side === 'moved' || stage.side === 'scattered')) return;
    const error =
      said.kind === 'failed'
        ? said.error
        : toPlain(failure('STREAM_THREAD_VALUES', { operator: stage.operator, what: said.what }));
    for (const other of this.#slots) other.post({ kind: 'lost', stage, partition, error });
  }

  /** A thread died: another one takes its place and is asked what was not answered. What kills two threads is not tried on a third. */
  async #replace(slot: Slot, reason: string): Promise<void> {
    if (this.#isClosed) return;
    const lost = this.#options.died?.(reason);
    if (lost !== undefined) {
      this.#options.warn(failure('STREAM_THREAD_REPLACED', { reason }).message);
      await this.beginAnew(lost);
      return;
    }
    const again = slot.takePending();
    for (const pending of again) pending.deaths += 1;
    for (const { stage, reject } of again.filter(({ deaths }) => deaths > 1)) {
      const where = { operator: stage.operator, batchTime: stage.time };
      reject(failure('STREAM_THREAD_ENDED', { reason }, { where }));
    }
    this.#options.warn(failure('STREAM_THREAD_REPLACED', { reason }).message);
    const cannot = await this.#start(slot);
    if (cannot !== undefined) slot.lose(failure('STREAM_THREAD_ENDED', { reason: cannot }));
    slot.ask(again.filter(({ deaths }) => deaths <= 1));
  }

  #warnOnce(text: string): void {
    // What one thread has to say the others say, too.
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#options.warn(text);
  }
}

/** The place of a thread: the partitions stay with it when another thread comes. */
class Slot {
  readonly place: number;
  #thread: Thread | undefined;
  #isReady = false;
  #lost: MillraceError | undefined;
  /** What was asked and said before the thread was ready, in order. */
  #waiting: (() => void)[] = [];
  readonly #pending = new Map<number, Map<number, Pending>>();
  readonly #calls = new Map<number, Pick<Pending, 'resolve' | 'reject'>>();
  #lastRequest = 0;
  #round = 0;

  constructor(place: number) {
    this.place = place;
  }

  /** Counts how often all threads have begun anew. */
  get round(): number {
    return this.#round;
  }

  use(thread: Thread): void {
    this.#thread = thread;
    this.#isReady = false;
  }

  begin(message: ToThread): void {
    this.#isReady = true;
    this.post(message);
    for (const say of this.#waiting.splice(0)) say();
  }

  post(message: ToThread, handedOver: readonly ArrayBuffer[] = []): void {
    if (this.#isReady) this.#thread?.post(message, handedOver);
    else if (this.#lost === undefined)
      this.#waiting.push(() => {
        this.post(message, handedOver);
      });
  }

  /** Asks for partitions of one or several stages. */
  ask(pending: readonly Pending[]): void {
    if (pending.length === 0) return;
    if (this.#lost !== undefined) {
      for (const { reject } of pending) reject(this.#lost);
      return;
    }
    if (!this.#isReady) {
      this.#waiting.push(() => {
        this.ask(pending);
      });
      return;
    }
    for (const [stage, ofStage] of grouped(pending, ({ stage: of }) => of)) {
      const request = ++this.#lastRequest;
      this.#pending.set(request, new Map(ofStage.map((one) => [one.partition, one])));
      const partitions = ofStage.map(({ partition }) => partition);
      this.post({ kind: 'make', request, stage, partitions, ranges: ofStage[0]?.ranges ?? [] });
    }
  }

  /** Asks for what is not of a partition. */
  async call(what: Omit<Settle, 'request'> | Omit<Locate, 'request'>): Promise<Made> {
    if (this.#lost !== undefined) throw this.#lost;
    const request = ++this.#lastRequest;
    return await new Promise<Made>((resolve, reject) => {
      this.#calls.set(request, { resolve, reject });
      this.post({ ...what, request });
    });
  }

  /** No thread takes its place any more: whoever asks is told, and whoever has asked. */
  lose(error: MillraceError): void {
    this.#lost = error;
    this.#refuseAll(error);
    for (const say of this.#waiting.splice(0)) say();
  }

  /** Forgets the thread and what it was asked. */
  drop(error: MillraceError): void {
    this.#round += 1;
    this.#isReady = false;
    const waiting = this.#waiting.splice(0);
    this.#refuseAll(error);
    // Who waits to ask is told as if it had asked.
    this.#lost = error;
    for (const say of waiting) say();
    this.#lost = undefined;
  }

  answered({ request, partition = -1 }: Asked, answer: Made | Extract<FromThread, { readonly kind: 'failed' }>): void {
    const partitions = this.#pending.get(request);
    const pending = partitions?.get(partition) ?? this.#calls.get(request);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.#pending.delete(request);
    this.#calls.delete(request);
    if (answer.kind === 'failed') {
      const error = fromPlain(answer.error);
      pending?.reject(answer.record === undefined ? error : new ReadElsewhere(error, answer.record));
    } else pending?.resolve(answer);
  }

  /** What was asked of a partition and is not answered yet. */
  stageOf(request: number, partition: number): Stage | undefined {
    return this.#pending.get(request)?.get(partition)?.stage;
  }

  takePending(): Pending[] {
    this.#isReady = false;
    const all: Pending[] = [];
    for (const partitions of this.#pending.values()) all.push(...partitions.values());
    this.#pending.clear();
    return all;
  }

  async end(): Promise<void> {
    this.#isReady = false;
    await this.#thread?.end();
  }

  #refuseAll(error: MillraceError): void {
    const asked = [...this.takePending(), ...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of asked) reject(error);
  }
}
