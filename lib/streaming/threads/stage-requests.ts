import { failure, type MillraceError } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import type { ApartPartitions } from '../../rdd/apart-node.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { ReadElsewhere } from '../../rdd/record-place.ts';
import type { PackedTable } from '../../store/state-store.ts';
import { SourceRdd } from '../inputs/source-rdd.ts';
import { grouped } from './grouped.ts';
import type { InputRange, Stage, StepAt } from './messages.ts';
import type { Made, ProgramThreads } from './program-threads.ts';

/** The partition of an input that a partition of a node is computed from. */
export interface Origin {
  readonly input: OperatorId;
  readonly time: Time;
  readonly source: RddNode<unknown>;
  readonly partition: number;
}

/** The place of the thread that has a partition which is shared out by key. */
export interface Home {
  readonly home: number;
}

/** What has to be known of a node to have it made by threads. */
export interface Place {
  readonly stage: Stage;
  /** By partition: what it is read from, or where it is. */
  readonly origins: readonly (Origin | Home)[];
  /** What inputs give for what is shared out by key, beside the origins themselves. */
  readonly sources?: readonly Origin[];
}

type Answers = (Promise<Made> | undefined)[];

/**
 * Asks threads for what a batch needs of them, and for what the next one will need: the stages of a batch are those of the one before, so they
 * are asked for when it begins and not one after the other, and those of a batch that is planned already when the one before it begins. A
 * thread then never waits for what is done here. What a batch turns out not to need is not asked for ahead again.
 */
export class StageRequests {
  readonly #threads: ProgramThreads;
  readonly #warn: (text: string) => void;
  /** Inputs by the order in which they were first asked for. */
  readonly #inputs = new Map<OperatorId, number>();
  /** Stages whose results do not cross threads. */
  readonly #unsendable = new Set<string>();
  /** The stages that batches need, as they were last. */
  readonly #known = new Map<string, Place>();
  readonly #ahead = new Map<Time, Map<string, Answers>>();

  readonly #mayGoAhead: (stage: Stage) => boolean;
  /** Threads have begun anew: what is asked for the batch at work makes no sense to them. */
  #broken: MillraceError | undefined;

  /** `mayGoAhead`: whether a stage depends on nothing but what is read, whatever batches come before. */
  constructor(threads: ProgramThreads, warn: (text: string) => void, mayGoAhead: (stage: Stage) => boolean) {
    this.#threads = threads;
    this.#warn = warn;
    this.#mayGoAhead = mayGoAhead;
  }

  /** Whoever asks is refused until a batch begins. */
  breakOff(error: MillraceError): void {
    this.#broken = error;
    this.#ahead.clear();
    this.#known.clear();
  }

  begins(): void {
    this.#broken = undefined;
  }

  /** Why what was asked for the batch at work will not come. */
  get broken(): MillraceError | undefined {
    return this.#broken;
  }

  /** How many threads there are. */
  get count(): number {
    return this.#threads.count;
  }

  /** The place of the thread that reads a partition, or has it. */
  placeOf(origin: Origin | Home): number {
    return 'home' in origin ? origin.home : this.#ownerOf(origin);
  }

  /** Has threads begin to make something of all partitions, where that was not done ahead. Gives what comes of each. */
  start(place: Place): readonly Promise<Made>[] {
    const answers = this.#takeAhead(keyOf(place.stage), place) ?? this.#ask(place, [...place.origins.keys()]);
    return answers.flatMap((answer) => answer ?? []);
  }

  /** Asks for one partition alone. */
  async one(place: Place, partition: number): Promise<Made | undefined> {
    return await this.#ask(place, [partition])[partition];
  }

  /** Has each thread bring its states to the end of the batch; gives what has changed in them, thread by thread. */
  async settle(
    moved: readonly StepAt[],
    collected: readonly StepAt[],
    sources: readonly Origin[],
  ): Promise<readonly (readonly PackedTable[])[]> {
    if (this.#broken !== undefined) throw this.#broken;
    const places = Array.from({ length: this.#threads.count }, (_, slot) => slot);
    return await Promise.all(
      places.map(async (slot) => await this.#threads.settle(slot, moved, collected, this.#rangesFor(slot, sources))),
    );
  }

  /** The error with the place of its record, which the thread knows that has read it. */
  async located({ origins }: Place, failed: ReadElsewhere): Promise<unknown> {
    const origin = origins[failed.record.partition];
    if (origin === undefined || 'home' in origin) return failed.error;
    try {
      await this.#threads.locate(this.#ownerOf(origin), failed);
    } catch (error) {
      return error;
    }
    return failed.error;
  }

  load(slot: number, tables: readonly PackedTable[]): void {
    this.#threads.post(slot, { kind: 'tables', tables });
  }

  /** What threads make of a node. The first use asks for all partitions, where that was not done ahead; later uses ask for one. */
  partitions<R>(place: Place, resultOf: (made: Made) => R | undefined): ApartPartitions<R> {
    const key = keyOf(place.stage);
    let first: Answers | undefined;
    return {
      get: async (partition) => {
        if (this.#unsendable.has(key)) return undefined;
        first ??= this.#takeAhead(key, place) ?? this.#ask(place, [...place.origins.keys()]);
        const asked = first[partition] ?? this.#ask(place, [partition])[partition];
        first[partition] = undefined;
        const made = await asked;
        if (made?.kind === 'unsendable') this.#tellUnsendable(key, place.stage, made.what);
        return made === undefined ? undefined : resultOf(made);
      },
    };
  }

  /** Asks for what a batch will need. `sourceAt` gives what an input will be, where that is fixed. */
  ahead(time: Time, sourceAt: (input: OperatorId, time: Time) => RddNode<unknown> | undefined): void {
    if (this.#broken !== undefined) return;
    const asked = this.#ahead.get(time) ?? new Map<string, Answers>();
    this.#ahead.set(time, asked);
    for (const [key, place] of this.#known) {
      const next = asked.has(key) ? undefined : placeAt(place, time, sourceAt);
      if (next !== undefined) asked.set(key, this.#ask(next, [...next.origins.keys()]));
    }
  }

  /** A batch is over: what was asked for and not needed is forgotten. */
  finished(time: Time, isCommitted: boolean): void {
    for (const [at, asked] of this.#ahead) {
      if (at > time) continue;
      for (const key of asked.keys()) this.#known.delete(key);
      this.#ahead.delete(at);
    }
    this.#threads.finish(time, isCommitted);
  }

  #takeAhead(key: string, place: Place): Answers | undefined {
    if (isReadOnly(place) && this.#mayGoAhead(place.stage)) this.#known.set(key, place);
    const asked = this.#ahead.get(place.stage.time);
    const answers = asked?.get(key);
    asked?.delete(key);
    return answers?.length === place.origins.length ? answers : undefined;
  }

  #tellUnsendable(key: string, { operator }: Stage, what: string): void {
    if (this.#unsendable.has(key)) return;
    this.#unsendable.add(key);
    this.#known.delete(key);
    this.#warn(failure('STREAM_THREAD_VALUES', { operator, what }).message);
  }

  #ask({ stage, origins, sources = [] }: Place, partitions: readonly number[]): Answers {
    const asked: Answers = [];
    const broken = this.#broken;
    if (broken !== undefined) {
      for (const partition of partitions) {
        const made = new Promise<Made>((_, reject) => {
          reject(broken);
        });
        // Perhaps nobody waits.
        made.catch(() => undefined);
        asked[partition] = made;
      }
      return asked;
    }
    const read = [...origins.filter((origin) => 'source' in origin), ...sources];
    for (const [slot, ofSlot] of grouped(partitions, (partition) =>
      this.placeOf(origins[partition] as Origin | Home),
    )) {
      const ranges = this.#rangesFor(slot, read);
      for (const [i, made] of this.#threads.make(slot, stage, ofSlot, ranges).entries()) {
        // Whoever waits for it is told; where nobody does, because another partition failed first, nobody need be.
        made.catch(() => undefined);
        asked[ofSlot[i] as number] = made;
      }
    }
    return asked;
  }

  #rangesFor(slot: number, origins: readonly Origin[]): readonly InputRange[] {
    const sources = new Map(origins.map((origin) => [origin.source, origin]));
    return [...sources.values()].flatMap((origin) => this.#rangeFor(slot, origin));
  }

  /** The range of a source, as far as one thread reads it. */
  #rangeFor(slot: number, origin: Origin): readonly InputRange[] {
    const { input, time, source } = origin;
    if (!(source instanceof SourceRdd)) return [];
    const { from, until } = source.range;
    const begin: Record<string, number> = {};
    for (const [partition, [name, end]] of Object.entries(until).entries()) {
      begin[name] = this.#ownerOf({ ...origin, partition }) === slot ? (from[name] ?? end) : end;
    }
    return [{ input, time, from: begin, until }];
  }

  /** By its number in its input, each input beginning with another thread: the same for the whole run, as threads read ahead. */
  #ownerOf({ input, partition }: Origin): number {
    const known = this.#inputs.get(input) ?? this.#inputs.size;
    this.#inputs.set(input, known);
    return (known + partition) % this.#threads.count;
  }
}

function keyOf({ operator, path, side }: Stage): string {
  return JSON.stringify([operator, path, side]);
}

/** Whether the partitions of a stage are read, all of them. */
function isReadOnly({ origins, sources = [] }: Place): boolean {
  return sources.length === 0 && origins.every((origin) => 'source' in origin);
}

function nameOf({ source, partition }: Origin): string {
  return source instanceof SourceRdd ? source.nameOf(partition) : String(partition);
}

/** The same stage at another time; undefined where its partitions are not known yet, or not the same. */
function placeAt(
  { stage, origins }: Place,
  time: Time,
  sourceAt: (input: OperatorId, time: Time) => RddNode<unknown> | undefined,
): Place | undefined {
  const next: Origin[] = [];
  for (const origin of origins) {
    if ('home' in origin) return undefined;
    const source = sourceAt(origin.input, time);
    const at = source instanceof SourceRdd ? { ...origin, time, source } : undefined;
    if (at === undefined || at.source.partitions !== origin.source.partitions || nameOf(at) !== nameOf(origin))
      return undefined;
    next.push(at);
  }
  return { stage: { ...stage, time }, origins: next };
}
