import { failure, type MillraceError } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import { HashPartitioner, type Partitioner } from '../../kernel/partitioner.ts';
import type { Time } from '../../kernel/time.ts';
import { originOf } from '../../rdd/narrow.ts';
import type { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { ReadElsewhere } from '../../rdd/record-place.ts';
import type { HandedOutTables, TableName } from '../../store/state-store.ts';
import { stepTables } from '../operators/step-tables.ts';
import type { Stage, StepAt } from './messages.ts';
import type { Made, ProgramThreads } from './program-threads.ts';
import { placeOf } from './scattering.ts';
import type { Home, Origin, Place, StageRequests } from './stage-requests.ts';

export interface SharedStatesParts {
  readonly requests: StageRequests;
  readonly threads: ProgramThreads;
  /** For the tables of the store; undefined where they cannot be handed out. */
  readonly away: HandedOutTables | undefined;
  /** What an input gives, seen as where partitions are read from. */
  readonly sourceOf: (rdd: RddNode<unknown>, partition: number) => Origin | undefined;
}

/** A state, or a window over one, at one of its times. */
export interface SharedMove extends StepAt {
  readonly inputs: readonly RddNode<unknown>[];
}

/**
 * The states that the threads of a program have, each those of its partitions.
 *
 * ```
 * tables handed out once -> in each batch: pairs scattered to the threads that have their keys -> states moved on there -> settle: what has
 * changed comes back, packed, and is committed here -> finished: the threads keep it, or drop it
 * ```
 * The store has every table as it was committed. So nothing is lost with a thread: when one dies all begin anew with these, and the batch is run
 * again. The same happens, on one thread from then on, when values turn out not to arrive as they are.
 */
export class SharedStates {
  readonly #parts: SharedStatesParts;
  /** What threads have by partition: states, and what is combined by key on its way to one. */
  readonly #homes = new WeakSet<RddNode<unknown>>();
  /** What states give that are on this thread: nobody looks below it. */
  readonly #here = new WeakSet<RddNode<unknown>>();
  /** By step: whether it is shared out. */
  readonly #isShared = new Map<OperatorId, boolean>();
  readonly #handedOut = new Set<OperatorId>();
  #isOff: boolean;
  /** Threads have something of one another. */
  #isInUse = false;
  /** Counts how often threads have begun anew. */
  #epoch = 0;
  // Of the batch at work.
  #time: Time | undefined;
  #moved: StepAt[] = [];
  #collected: StepAt[] = [];
  #sources = new Map<RddNode<unknown>, Origin>();
  #scattered: Promise<Made>[] = [];
  #places: Place[] = [];
  /** Threads that died over it. */
  #deaths = 0;
  #mayRunAgain = false;
  #mustTakeBack = false;

  constructor(parts: SharedStatesParts) {
    this.#parts = parts;
    this.#isOff = parts.away === undefined;
  }

  begins(time: Time): void {
    this.#parts.requests.begins();
    if (this.#mustTakeBack) this.#parts.away?.takeBack();
    this.#mustTakeBack = false;
    if (this.#time !== time) this.#deaths = 0;
    this.#time = time;
    this.#forget();
  }

  /** What inputs give for the shared states of the batch. */
  get sources(): readonly Origin[] {
    return [...this.#sources.values()];
  }

  /** Where a partition is that a thread has; undefined of others. */
  homeOf(rdd: RddNode<unknown>, partition: number): Home | undefined {
    return this.#homes.has(rdd) ? { home: placeOf(partition, this.#parts.requests.count) } : undefined;
  }

  /** Where each partition is read or is; undefined where something of it is made on this thread. */
  originsOf(rdd: RddNode<unknown>): readonly (Origin | Home)[] | undefined {
    const origins: (Origin | Home)[] = [];
    for (let index = 0; index < rdd.partitions; index++) {
      const origin = originOf(rdd, index, (node) => this.#homes.has(node) || this.#here.has(node));
      if (origin === undefined) return undefined;
      const { node, partition } = origin;
      const found = this.#here.has(node)
        ? undefined
        : (this.homeOf(node, partition) ?? this.#parts.sourceOf(node, partition));
      if (found === undefined) return undefined;
      origins.push(found);
    }
    return origins;
  }

  /** Whether threads combine what leads to a state, each for its partitions. */
  combines(rdd: CombineByKeyNode<unknown, unknown, unknown>, at: Omit<Stage, 'side'>): boolean {
    const origins = this.#isOff || !isSureOf(rdd.partitioner) ? undefined : this.originsOf(rdd.parents[0]);
    if (origins === undefined) return false;
    this.#scatter({ ...at, side: 'scattered' }, origins);
    this.#homes.add(rdd);
    return true;
  }

  /** Has threads bring pairs of the parents of a node to their keys, each for its partitions; or find them there. */
  brings(rdd: RddNode<unknown>, at: Omit<Stage, 'side'>): void {
    if (this.#isOff || rdd.partitioner === undefined || !isSureOf(rdd.partitioner)) return;
    const origins = rdd.parents.map((parent) => this.originsOf(parent));
    if (origins.length === 0 || !origins.every((each) => each !== undefined)) return;
    if (rdd.movesBy === undefined) {
      if (rdd.parents.length > 1 && origins.every((each) => this.#areInPlace(each))) this.#homes.add(rdd);
      return;
    }
    for (const [index, each] of origins.entries())
      this.#scatter({ ...at, path: [...at.path, index], side: 'moved' }, each);
    this.#homes.add(rdd);
  }

  /** Whether threads move a state on. */
  moves(
    { operator, time, inputs }: SharedMove,
    { held, keyedBy }: { readonly held: readonly RddNode<unknown>[]; readonly keyedBy: Partitioner | undefined },
  ): boolean {
    if (this.#isOff || this.#isShared.get(operator) === false) return false;
    const isKeyed = keyedBy !== undefined;
    if (isKeyed && !isSureOf(keyedBy)) return false;
    const origins = inputs.map((input) => this.originsOf(input));
    const isShared = origins.every((each) => each !== undefined && (isKeyed || this.#areInPlace(each)));
    if (!isShared && this.#handedOut.has(operator)) this.#refuse();
    this.#isShared.set(operator, isShared);
    if (!isShared) return false;
    this.#handOut(operator);
    if (isKeyed) for (const each of origins) this.#scatter({ operator, time, path: [], side: 'moved' }, each ?? []);
    else for (const each of origins) this.#read(each ?? []);
    this.#moved.push({ operator, time });
    for (const rdd of held) this.#homes.add(rdd);
    return true;
  }

  /** Whether threads take up what a window takes up at a time that is not its own. */
  collects({ operator, time, inputs }: SharedMove): boolean {
    if (this.#isOff || this.#isShared.get(operator) !== true) return false;
    for (const input of inputs) this.#read(this.originsOf(input) ?? this.#refuse());
    this.#handOut(operator);
    this.#collected.push({ operator, time });
    return true;
  }

  /** What a step with a state has given at a time. A window gives its slices, which are known by themselves. */
  computed({ operator, time }: StepAt, rdd: RddNode<unknown>): void {
    if (!this.#moved.some((moved) => moved.operator === operator && moved.time === time)) this.#here.add(rdd);
    else if (rdd.parents.length === 0) this.#homes.add(rdd);
  }

  /** Asks for what threads make of something that they have: it cannot be made here, and it is gone with them. */
  held<A extends readonly unknown[], R>(
    time: Time,
    ask: (...asked: A) => Promise<R | undefined>,
  ): (...asked: A) => Promise<R> {
    const epoch = this.#epoch;
    return async (...asked) => {
      if (epoch !== this.#epoch) throw this.#parts.requests.broken ?? failure('STREAM_STATE_OUTDATED', { batch: time });
      return await this.#known(ask(...asked));
    };
  }

  /** Brings the states of the batch to its end. */
  async settle(): Promise<void> {
    const { requests, away } = this.#parts;
    if (requests.broken !== undefined) throw requests.broken;
    await this.#arrived();
    if (this.#moved.length === 0 && this.#collected.length === 0) return;
    const settled = requests.settle(this.#moved, this.#collected, this.sources);
    for (const changes of await this.#told(settled)) away?.absorb(changes);
  }

  finished(): void {
    this.#forget();
  }

  /**
   * Whether the batch, which failed, is to be run again: a thread had died, once, or what is shared out turned out not to be for threads.
   */
  get mayRunAgain(): boolean {
    return this.#mayRunAgain;
  }

  /** A thread has died. Gives what is said to whoever waits for any of them; undefined where the others can go on. */
  died(reason: string): MillraceError | undefined {
    if (!this.#isInUse) return undefined;
    this.#deaths += 1;
    this.#mayRunAgain = this.#deaths === 1;
    const error = failure(this.#mayRunAgain ? 'STREAM_THREAD_REPLACED' : 'STREAM_THREAD_ENDED', { reason });
    this.#lose(error);
    return error;
  }

  /** The pairs of an input go to the threads that have the partitions of their keys. */
  #scatter(stage: Stage, origins: readonly (Origin | Home)[]): void {
    this.#isInUse = true;
    const isRead = this.#read(origins) === origins.length;
    const place: Place = isRead ? { stage, origins } : { stage, origins, sources: this.sources };
    this.#places.push(place);
    const answers = this.#parts.requests.start(place);
    this.#scattered.push(...answers);
  }

  /** Threads read what of it is read. Gives how much that is. */
  #read(origins: readonly (Origin | Home)[]): number {
    const read = origins.filter((origin) => 'source' in origin);
    for (const origin of read) this.#sources.set(origin.source, origin);
    return read.length;
  }

  /** Whether partitions are read or are where those of a state are. */
  #areInPlace(origins: readonly (Origin | Home)[]): boolean {
    const { requests } = this.#parts;
    return origins.every((origin, partition) => requests.placeOf(origin) === placeOf(partition, requests.count));
  }

  async #known<R>(made: Promise<R | undefined>): Promise<R> {
    made.catch(() => undefined);
    await this.#arrived();
    return (await this.#told(made)) ?? this.#refuse();
  }

  /** An error of another thread comes with the place of its record. */
  async #told<R>(made: Promise<R>): Promise<R> {
    try {
      return await made;
    } catch (error) {
      if (!(error instanceof ReadElsewhere)) throw error;
      const { operator, time, path } = error.record;
      const place = this.#places.find(
        ({ stage }) =>
          stage.side === 'moved' &&
          stage.operator === operator &&
          stage.time === time &&
          stage.path.join() === path.join(),
      );
      throw place === undefined ? error.error : await this.#parts.requests.located(place, error);
    }
  }

  /** Fails where pairs did not come through: who waits for what is made of them would wait for ever. */
  async #arrived(): Promise<void> {
    for (const made of await Promise.all(this.#scattered)) {
      if (made.kind === 'unsendable') this.#refuse();
    }
  }

  #refuse(): never {
    this.#turnOff();
    throw movedHere();
  }

  /** From now on states are on this thread. */
  #turnOff(): void {
    if (this.#isOff) return;
    this.#isOff = true;
    this.#mayRunAgain = true;
    this.#mustTakeBack = true;
    const error = movedHere();
    this.#lose(error);
    void this.#parts.threads.beginAnew(error);
  }

  /** Threads have nothing any more. */
  #lose(error: MillraceError): void {
    this.#epoch += 1;
    this.#handedOut.clear();
    this.#isInUse = false;
    this.#parts.requests.breakOff(error);
  }

  #handOut(operator: OperatorId): void {
    this.#isInUse = true;
    if (this.#handedOut.has(operator)) return;
    this.#handedOut.add(operator);
    const { requests, away } = this.#parts;
    const tables = away?.handOut(operator, isOfKeys) ?? [];
    for (let place = 0; place < requests.count; place++) {
      const own = tables.filter((table) => !isOfKeys(table) || placeOf(table.partition, requests.count) === place);
      if (own.length > 0) requests.load(place, own);
    }
  }

  #forget(): void {
    this.#moved = [];
    this.#collected = [];
    this.#sources = new Map();
    this.#scattered = [];
    this.#places = [];
    this.#mayRunAgain = false;
  }
}

/** Whether threads have something of it that is not here. */
export function isAtHome(origins: readonly (Origin | Home)[]): boolean {
  return origins.some((origin) => 'home' in origin);
}

/** Whether each thread finds the same partition for a key: an own partitioner may go by what it has seen. */
function isSureOf(partitioner: Partitioner): boolean {
  return partitioner instanceof HashPartitioner;
}

function isOfKeys({ name }: TableName): boolean {
  return !stepTables.has(name);
}

/** Said to who waits for a thread; nobody sees it, as the batch is run again. */
function movedHere(): MillraceError {
  return failure('STREAM_THREAD_REPLACED', { reason: 'its states go on on the first thread' });
}
