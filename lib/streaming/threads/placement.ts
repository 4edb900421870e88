import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import { ApartNode, type ApartPartitions, type Each } from '../../rdd/apart-node.ts';
import { originOf } from '../../rdd/narrow.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import type { KeyColumns } from '../../rdd/key-columns.ts';
import { unpack } from '../../rdd/packed.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { ApartStreams } from '../batch-graph.ts';
import type { DStreamGraph } from '../dstream-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import { InputNode, type InputRun } from '../input-node.ts';
import { ReduceRdd } from '../operators/reduce.ts';
import type { Stage } from './messages.ts';
import type { ProgramThreads } from './program-threads.ts';
import { type Origin, type Place, StageRequests } from './stage-requests.ts';

/**
 * Decides which nodes of a batch are computed by other threads: narrow chains from the partitions of an input, up to where their elements are
 * combined by key, merged into one or counted. Everything behind is computed here, from what the threads send, in the order of the
 * partitions; so is what a function of the program builds (`transform`), and what the threads cannot send.
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

  constructor(
    threads: ProgramThreads,
    program: DStreamGraph,
    inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>,
    warn: (text: string) => void,
  ) {
    this.#requests = new StageRequests(threads, warn);
    this.#idOf = (node) => program.ids.of(node);
    this.#alike = alikeIn(program);
    this.#inputs = new Map(Array.from(inputs, ([node, run]) => [this.#idOf(node), run]));
  }

  computed<T>(node: DStreamNode<T>, time: Time, rdd: RddNode<T>): RddNode<T> {
    if (!this.#alike.has(node)) return rdd;
    const operator = this.#idOf(node);
    if (node instanceof InputNode) {
      this.#sources.set(rdd, { input: operator, time });
      return rdd;
    }
    const at = { operator, time, path: [] };
    this.#placeSides(rdd, at);
    this.#seen.add(rdd);
    const origins = this.#originsOf(rdd);
    if (origins === undefined) return rdd;
    return new ApartNode(
      rdd,
      this.#each<T>({ stage: { ...at, side: 'elements' }, origins }),
      this.#counts({ stage: { ...at, side: 'counted' }, origins }),
    );
  }

  begins(time: Time, next: Time | undefined): void {
    const sourceAt = (input: OperatorId, at: Time): RddNode<unknown> | undefined => this.#inputs.get(input)?.rdd(at);
    this.#requests.ahead(time, sourceAt);
    if (next !== undefined) this.#requests.ahead(next, sourceAt);
  }

  finished(time: Time): void {
    this.#requests.finished(time);
  }

  /** Has threads combine and merge what a stream combines and merges, wherever in its own part of the lineage that is. */
  #placeSides(rdd: RddNode<unknown>, at: Omit<Stage, 'side'>): void {
    if (this.#seen.has(rdd) || this.#sources.has(rdd) || rdd instanceof ApartNode) return;
    const [parent] = rdd.parents;
    if (rdd instanceof CombineByKeyNode && rdd.canCombineApart) {
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.combineApart(this.#combined({ stage: { ...at, side: 'combined' }, origins }));
    } else if (rdd instanceof ReduceRdd) {
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.reduceApart(this.#each({ stage: { ...at, side: 'reduced' }, origins }));
    }
    for (const [index, input] of rdd.parents.entries()) this.#placeSides(input, { ...at, path: [...at.path, index] });
  }

  #originsOf(node: RddNode<unknown> | undefined): readonly Origin[] | undefined {
    if (node === undefined || node.partitions === 0 || this.#sources.has(node)) return undefined;
    const origins: Origin[] = [];
    for (let index = 0; index < node.partitions; index++) {
      const origin = originOf(node, index);
      const input = origin === undefined ? undefined : this.#sources.get(origin.node);
      if (origin === undefined || input === undefined) return undefined;
      origins.push({ ...input, source: origin.node, partition: origin.partition });
    }
    return origins;
  }

  #each<T>(place: Place): ApartPartitions<Each<T>> {
    return this.#requests.partitions(place, (made) => {
      if (made.kind !== 'made') return undefined;
      return (emit) => unpack(made.packed, emit as (value: unknown) => void);
    });
  }

  #combined<K, V>(place: Place): ApartPartitions<KeyColumns<K, V>> {
    return this.#requests.partitions(place, (made) =>
      made.kind === 'combined' ? (made.columns as KeyColumns<K, V>) : undefined,
    );
  }

  #counts(place: Place): ApartPartitions<number> {
    return this.#requests.partitions(place, (made) => (made.kind === 'counted' ? made.count : undefined));
  }
}

function alikeIn(program: DStreamGraph): ReadonlySet<DStreamNode<unknown>> {
  const alike = new Set<DStreamNode<unknown>>();
  for (const node of program.reachable()) {
    if (node.isBuiltAlike && node.dependencies.every((input) => alike.has(input))) alike.add(node);
  }
  return alike;
}

/** Whether threads have anything to do in a program. */
export function canBePlaced(program: DStreamGraph): boolean {
  return [...alikeIn(program)].some((node) => node instanceof InputNode);
}
