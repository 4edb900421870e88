import type { ProgramSource } from '../../batch/program-source.ts';
import type { Thread, Threads } from '../../io/host.ts';
import { systemClock } from '../../kernel/clock.ts';
import { endsWithin } from '../../kernel/deadline.ts';
import { failure, type MillraceError } from '../../kernel/errors.ts';
import { fromPlain } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import type { KeyColumns } from '../../rdd/key-columns.ts';
import { type Packed, valuesOf } from '../../rdd/packed.ts';
import { grouped } from './grouped.ts';
import { HeardKeys } from './key-news.ts';
import type { FromThread, InputRange, Stage, ToThread } from './messages.ts';

/** What came of one partition. */
export type Made =
  | { readonly kind: 'made'; readonly packed: Packed }
  | { readonly kind: 'combined'; readonly columns: KeyColumns<unknown, unknown> }
  | { readonly kind: 'counted'; readonly count: number }
  | { readonly kind: 'unsendable'; readonly what: string };

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
  readonly partition: number;
}

export interface ProgramThreadsOptions {
  readonly threads: Threads;
  readonly source: Extract<ProgramSource, { readonly entry: string }>;
  readonly count: number;
  /** What the program is here: a thread that builds another one is of no use. */
  readonly description: string;
  readonly zeroTime: Time;
  readonly warn: (text: string) => void;
}

/** A program may take so long to be built in a thread. */
const buildLimitMs = 60_000;

/**
 * The threads that compute partitions for this one. Each has built the program itself; it is told what to make of which partitions and
 * answers with one message for each. What it makes depends on nothing but the ranges it is given: so when a thread dies its successor is
 * asked the same again, once.
 */
export class ProgramThreads {
  readonly #options: ProgramThreadsOptions;
  readonly #slots: Slot[] = [];
  readonly #told = new Set<string>();
  #isClosed = false;

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

  finish(time: Time): void {
    for (const slot of this.#slots) slot.post({ kind: 'finish', time });
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
    const slot = new Slot();
    this.#slots[index] = slot;
    return await this.#start(slot);
  }

  /** Starts the thread of a slot; gives the reason why it is of no use. */
  async #start(slot: Slot): Promise<string | undefined> {
    const { threads, source, description, zeroTime } = this.#options;
    const outcome = new Promise<string | undefined>((tell) => {
      let isBuilt = false;
      const heard = new HeardKeys();
      const thread = threads.start(source.entry, source.data, {
        message: (message) => {
          const said = message as FromThread;
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
          } else slot.answered(said, said);
        },
        ended: (reason) => {
          if (!isBuilt) tell(`its module cannot be loaded in a thread (${reason})`);
          else void this.#replace(slot, reason);
        },
      });
      slot.use(thread);
    });
    if (!(await endsWithin(systemClock, outcome, buildLimitMs)))
      return 'its module does not come to start() in a thread';
    const reason = await outcome;
    if (reason === undefined) slot.begin({ kind: 'begin', zeroTime });
    return reason;
  }

  /** A thread died: another one takes its place and is asked what was not answered. What kills two threads is not tried on a third. */
  async #replace(slot: Slot, reason: string): Promise<void> {
    if (this.#isClosed) return;
    const again = slot.takePending();
    for (const pending of again) pending.deaths += 1;
    const lost = again.filter(({ deaths }) => deaths > 1);
    for (const { stage, reject } of lost) {
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
  #thread: Thread | undefined;
  #isReady = false;
  #lost: MillraceError | undefined;
  readonly #waiting: Pending[][] = [];
  readonly #pending = new Map<number, Map<number, Pending>>();
  #lastRequest = 0;

  use(thread: Thread): void {
    this.#thread = thread;
    this.#isReady = false;
  }

  begin(message: ToThread): void {
    this.#isReady = true;
    this.post(message);
    for (const pending of this.#waiting.splice(0)) this.ask(pending);
  }

  post(message: ToThread): void {
    if (this.#isReady) this.#thread?.post(message);
  }

  /** Asks for partitions of one or several stages. */
  ask(pending: readonly Pending[]): void {
    if (pending.length === 0) return;
    if (this.#lost !== undefined) {
      for (const { reject } of pending) reject(this.#lost);
      return;
    }
    if (!this.#isReady) {
      this.#waiting.push([...pending]);
      return;
    }
    for (const [stage, ofStage] of grouped(pending, ({ stage: of }) => of)) {
      const request = ++this.#lastRequest;
      this.#pending.set(request, new Map(ofStage.map((one) => [one.partition, one])));
      const partitions = ofStage.map(({ partition }) => partition);
      this.post({ kind: 'make', request, stage, partitions, ranges: ofStage[0]?.ranges ?? [] });
    }
  }

  /** No thread takes its place any more: whoever asks is told, and whoever has asked. */
  lose(error: MillraceError): void {
    this.#lost = error;
    for (const pending of this.#waiting.splice(0)) this.ask(pending);
  }

  answered({ request, partition }: Asked, answer: Made | Extract<FromThread, { readonly kind: 'failed' }>): void {
    const partitions = this.#pending.get(request);
    const pending = partitions?.get(partition);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.#pending.delete(request);
    if (answer.kind === 'failed') pending?.reject(fromPlain(answer.error));
    else pending?.resolve(answer);
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
}
