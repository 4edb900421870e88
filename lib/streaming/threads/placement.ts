import type { MillraceError } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import { ApartNode, type ApartPartitions, type ApartSides, type Each } from '../../rdd/apart-node.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import type { KeyColumns } from '../../rdd/key-columns.ts';
import { listOf, unpack } from '../../rdd/packed.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { HandedOutTables } from '../../store/state-store.ts';
import type { ApartStreams, StateMove } from '../batch-graph.ts';
import type { DStreamGraph } from '../dstream-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import { InputNode, type InputRun } from '../input-node.ts';
import { ReduceRdd } from '../operators/reduce.ts';
import type { Stage } from './messages.ts';
import type { Made, ProgramThreads } from './program-threads.ts';
import { isAtHome, SharedStates } from './shared-states.ts';
import { type Home, type Origin, type Place, StageRequests } from './stage-requests.ts';

export interface PlacementParts {
  readonly threads: ProgramThreads;
  readonly program: DStreamGraph;
  readonly inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  /** For tables of the store that threads work on; undefined where they cannot be handed out. */
  readonly away: HandedOutTables | undefined;
  readonly warn: (text: string) => void;
}

/**
 * Decides which nodes of a batch are computed by other threads: narrow chains from the partitions of an input, up to where their elements are
 * combined by key, merged into one or counted; and states, with all that leads to them, by the partitions of their keys. Everything behind
 * is computed here, from what the threads send, in the order of the partitions; so is what a function of the program builds (`transform`), and
 * what the threads cannot send.
 */
export class Placement implements ApartStreams {
  readonly #requests: StageRequests;
  readonly #idOf: (node: DStreamNode<unknown>) => OperatorId;
  /** Streams that another thread builds alike. */
  readonly #alike: ReadonlySet<DStreamNode<unknown>>;
  readonly #inputs: ReadonlyMap<OperatorId, InputRun<unknown>>;
  /** What inputs give. */
  readonly #sources = new WeakMap<RddNode<unknown>, Pick<Origin, 'input' | 'time'>>();
  /** What streams were computed to be, so that nobody looks below them. */
  readonly #seen = new WeakSet<RddNode<unknown>>();
  /** Streams whose combined values go to the threads that have their keys. */
  readonly #feeding: ReadonlySet<DStreamNode<unknown>>;
  readonly #shared: SharedStates;

  constructor({ threads, program, inputs, away, warn }: PlacementParts) {
    this.#idOf = (node) => program.ids.of(node);
    this.#alike = alikeIn(program);
    this.#requests = new StageRequests(threads, warn, mayGoAhead(program));
    this.#inputs = new Map(Array.from(inputs, ([node, run]) => [this.#idOf(node), run]));
    this.#feeding = feedingStates(program, this.#alike);
    const sourceOf = this.#sourceOf.bind(this);
    this.#shared = new SharedStates({ requests: this.#requests, threads, away, sourceOf });
  }

  /** A thread has died: see `SharedStates`. */
  died(reason: string): MillraceError | undefined {
    return this.#shared.died(reason);
  }

  computed<T>(node: DStreamNode<T>, time: Time, rdd: RddNode<T>): RddNode<T> {
    if (!this.#alike.has(node)) return rdd;
    const operator = this.#idOf(node);
    if (node instanceof InputNode) {
      this.#sources.set(rdd, { input: operator, time });
      return rdd;
    }
    const at = { operator, time, path: [] };
    if (node.hasCursor) this.#shared.computed(at, rdd);
    else this.#placeSides(rdd, at, this.#feeding.has(node));
    this.#seen.add(rdd);
    const origins = this.#originsOf(rdd);
    return origins === undefined ? rdd : new ApartNode<T>(rdd, this.#sidesOf(at, origins));
  }

  begins(time: Time, next: Time | undefined): void {
    this.#shared.begins(time);
    const sourceAt = (input: OperatorId, at: Time): RddNode<unknown> | undefined => this.#inputs.get(input)?.rdd(at);
    this.#requests.ahead(time, sourceAt);
    if (next !== undefined) this.#requests.ahead(next, sourceAt);
  }

  moves({ node, time, inputs, held }: StateMove): boolean {
    const move = { operator: this.#idOf(node), time, inputs };
    return this.#alike.has(node) && this.#shared.moves(move, { held, keyedBy: node.keyedBy });
  }

  collects({ node, time, inputs }: Omit<StateMove, 'held'>): boolean {
    return this.#shared.collects({ operator: this.#idOf(node), time, inputs });
  }

  async settle(): Promise<void> {
    await this.#shared.settle();
  }

  get mayRunAgain(): boolean {
    return this.#shared.mayRunAgain;
  }

  finished(time: Time, isCommitted: boolean): void {
    this.#requests.finished(time, isCommitted);
    this.#shared.finished();
  }

  /** Has threads combine and merge what a stream combines and merges, wherever in its own part of the lineage that is. */
  #placeSides(rdd: RddNode<unknown>, at: Omit<Stage, 'side'>, feedsState: boolean): void {
    if (this.#seen.has(rdd) || this.#sources.has(rdd) || rdd instanceof ApartNode) return;
    // What is deeper comes first: what is combined of it may be shared out, too.
    for (const [index, input] of rdd.parents.entries())
      this.#placeSides(input, { ...at, path: [...at.path, index] }, feedsState);
    const [parent] = rdd.parents;
    if (rdd instanceof CombineByKeyNode && rdd.canCombineApart) {
      if (feedsState && this.#shared.combines(rdd, at)) return;
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.combineApart(this.#combined(this.#placed({ ...at, side: 'combined' }, origins)));
    } else if (rdd instanceof ReduceRdd) {
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.reduceApart(this.#each(this.#placed({ ...at, side: 'reduced' }, origins)));
    } else this.#shared.brings(rdd, at);
  }

  /** Where partitions are read or are; undefined where something of them is made here, and of what an input gives as it is. */
  #originsOf(node: RddNode<unknown> | undefined): readonly (Origin | Home)[] | undefined {
    if (node === undefined || node.partitions === 0 || this.#sources.has(node)) return undefined;
    return this.#shared.originsOf(node);
  }

  #sourceOf(source: RddNode<unknown>, partition: number): Origin | undefined {
    const input = this.#sources.get(source);
    return input === undefined ? undefined : { ...input, source, partition };
  }

  #placed(stage: Stage, origins: readonly (Origin | Home)[]): Place {
    return isAtHome(origins) ? { stage, origins, sources: this.#shared.sources } : { stage, origins };
  }

  #sidesOf<T>(at: Omit<Stage, 'side'>, origins: readonly (Origin | Home)[]): ApartSides<T> {
    const elements = this.#each<T>(this.#placed({ ...at, side: 'elements' }, origins));
    const counts = this.#counts(this.#placed({ ...at, side: 'counted' }, origins));
    if (!isAtHome(origins)) return { elements, counts };
    return {
      elements,
      counts,
      heads: this.#shared.held(at.time, async (partition: number, limit: number) => {
        const made = await this.#requests.one(this.#placed({ ...at, side: 'head', limit }, origins), partition);
        return made?.kind === 'made' ? (listOf(made.packed) as readonly T[]) : undefined;
      }),
    };
  }

  #each<T>(place: Place): ApartPartitions<Each<T>> {
    return this.#partitions(place, (made): Each<T> | undefined => {
      if (made.kind !== 'made') return undefined;
      return (emit) => unpack(made.packed, emit as (value: unknown) => void);
    });
  }

  #combined<K, V>(place: Place): ApartPartitions<KeyColumns<K, V>> {
    return this.#partitions(place, (made) =>
      made.kind === 'combined' ? (made.columns as KeyColumns<K, V>) : undefined,
    );
  }

  #counts(place: Place): ApartPartitions<number> {
    return this.#partitions(place, (made) => (made.kind === 'counted' ? made.count : undefined));
  }

  #partitions<R>(place: Place, resultOf: (made: Made) => R | undefined): ApartPartitions<R> {
    const apart = this.#requests.partitions(place, resultOf);
    if (!isAtHome(place.origins)) return apart;
    return { get: this.#shared.held(place.stage.time, async (partition: number) => await apart.get(partition)) };
  }
}

/**
 * Streams that lead to a state with a function for each key, or to what brings pairs of several streams to their keys. What leads to a window over
 * combined values does not: what is left of them crosses to the first thread at less cost than to the thread of each key and back (a slide of W3
 * took 240 ms that way instead of 178).
 */
function feedingStates(
  program: DStreamGraph,
  alike: ReadonlySet<DStreamNode<unknown>>,
): ReadonlySet<DStreamNode<unknown>> {
  const feeding = new Set<DStreamNode<unknown>>();
  const visit = (node: DStreamNode<unknown>): void => {
    if (feeding.has(node)) return;
    feeding.add(node);
    node.dependencies.forEach(visit);
  };
  for (const node of program.reachable())
    if (node.keyedBy !== undefined && alike.has(node)) node.dependencies.forEach(visit);
  return feeding;
}

function alikeIn(program: DStreamGraph): ReadonlySet<DStreamNode<unknown>> {
  const alike = new Set<DStreamNode<unknown>>();
  for (const node of program.reachable()) {
    if (node.isBuiltAlike && node.dependencies.every((input) => alike.has(input))) alike.add(node);
  }
  return alike;
}

/** Which stages depend on no batch before: what threads are asked of them ahead moves no state on. */
function mayGoAhead(program: DStreamGraph): (stage: Stage) => boolean {
  const nodes = new Map<OperatorId, DStreamNode<unknown>>();
  const pastless = new Set<DStreamNode<unknown>>();
  for (const node of program.reachable()) {
    nodes.set(program.ids.of(node), node);
    if (!node.hasCursor && node.dependencies.every((input) => pastless.has(input))) pastless.add(node);
  }
  return ({ operator, path, side }) => {
    const node = nodes.get(operator);
    if (node === undefined) return false;
    // Of a state it is its input that is moved.
    const isInput = node.hasCursor && side === 'moved' && path.length === 0;
    return isInput ? node.dependencies.every((input) => pastless.has(input)) : pastless.has(node);
  };
}

/** Whether threads have anything to do in a program. */
export function canBePlaced(program: DStreamGraph): boolean {
  return [...alikeIn(program)].some((node) => node instanceof InputNode);
}
