import { failure } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { Time } from '../../kernel/time.ts';
import { ApartNode, type ApartPartitions, type Each } from '../../rdd/apart-node.ts';
import { originOf } from '../../rdd/narrow.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import { unpack } from '../../rdd/packed.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { ApartStreams } from '../batch-graph.ts';
import type { DStreamGraph } from '../dstream-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import { InputNode } from '../input-node.ts';
import { SourceRdd } from '../inputs/source-rdd.ts';
import { ReduceRdd } from '../operators/reduce.ts';
import { grouped } from './grouped.ts';
import type { InputRange, Stage } from './messages.ts';
import type { Made, ProgramThreads } from './program-threads.ts';

/** Which partition of which input a partition of a node is computed from. */
interface Origin {
  readonly source: RddNode<unknown>;
  readonly name: string;
}

/** What has to be known of a node to have it made by threads. */
interface Place {
  readonly stage: Stage;
  readonly origins: readonly Origin[];
}

/**
 * Decides which nodes of a batch are computed by other threads: narrow chains from the partitions of an input, up to where their elements are
 * combined by key, merged into one or counted. Everything behind is computed here, from what the threads send, in the order of the
 * partitions; so is what a function of the program builds (`transform`), and what the threads cannot send.
 */
export class Placement implements ApartStreams {
  readonly #threads: ProgramThreads;
  readonly #idOf: (node: DStreamNode<unknown>) => OperatorId;
  readonly #warn: (text: string) => void;
  /** Streams that another thread builds alike. */
  readonly #alike: ReadonlySet<DStreamNode<unknown>>;
  /** What inputs give. */
  readonly #sources = new WeakMap<RddNode<unknown>, { readonly input: OperatorId; readonly time: Time }>();
  /** What streams were computed to be, so that nobody looks below them. */
  readonly #seen = new WeakSet<RddNode<unknown>>();
  /** The thread of each partition of each input, for the whole run: it reads ahead. */
  readonly #owners = new Map<string, number>();
  /** Stages whose results do not cross threads. */
  readonly #unsendable = new Set<string>();

  constructor(threads: ProgramThreads, program: DStreamGraph, warn: (text: string) => void) {
    this.#threads = threads;
    this.#idOf = (node) => program.ids.of(node);
    this.#warn = warn;
    this.#alike = alikeIn(program);
  }

  computed<T>(node: DStreamNode<T>, time: Time, rdd: RddNode<T>): RddNode<T> {
    if (!this.#alike.has(node)) return rdd;
    const operator = this.#idOf(node);
    if (node instanceof InputNode) {
      this.#sources.set(rdd, { input: operator, time });
      return rdd;
    }
    this.#placeSides(rdd, { operator, time, path: [] });
    this.#seen.add(rdd);
    const origins = this.#originsOf(rdd);
    if (origins === undefined) return rdd;
    const at = { operator, time, path: [] };
    return new ApartNode(
      rdd,
      this.#each<T>({ stage: { ...at, side: 'elements' }, origins }),
      this.#counts({ stage: { ...at, side: 'counted' }, origins }),
    );
  }

  finished(time: Time): void {
    this.#threads.finish(time);
  }

  /** Has threads combine and merge what a stream combines and merges, wherever in its own part of the lineage that is. */
  #placeSides(rdd: RddNode<unknown>, at: Omit<Stage, 'side'>): void {
    if (this.#seen.has(rdd) || this.#sources.has(rdd) || rdd instanceof ApartNode) return;
    const [parent] = rdd.parents;
    if (rdd instanceof CombineByKeyNode && rdd.canCombineApart) {
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.combineApart(this.#each({ stage: { ...at, side: 'combined' }, origins }));
    } else if (rdd instanceof ReduceRdd) {
      const origins = this.#originsOf(parent);
      if (origins !== undefined) rdd.reduceApart(this.#each({ stage: { ...at, side: 'reduced' }, origins }));
    }
    for (const [index, input] of rdd.parents.entries()) this.#placeSides(input, { ...at, path: [...at.path, index] });
  }

  #originsOf(node: RddNode<unknown> | undefined): readonly Origin[] | undefined {
    if (node === undefined || node.partitions === 0 || this.#sources.has(node)) return undefined;
    const origins: Origin[] = [];
    for (let partition = 0; partition < node.partitions; partition++) {
      const origin = originOf(node, partition);
      if (origin === undefined || !this.#sources.has(origin.node)) return undefined;
      const { node: source } = origin;
      const name = source instanceof SourceRdd ? source.nameOf(origin.partition) : String(origin.partition);
      origins.push({ source, name });
    }
    return origins;
  }

  #each<T>(place: Place): ApartPartitions<Each<T>> {
    return this.#partitions(place, (made) => {
      if (made.kind !== 'made') return undefined;
      return (emit) => unpack(made.packed, emit as (value: unknown) => void);
    });
  }

  #counts(place: Place): ApartPartitions<number> {
    return this.#partitions(place, (made) => (made.kind === 'counted' ? made.count : undefined));
  }

  /** Asks for all partitions at the first use, so that the threads are at work together; later uses ask for one. */
  #partitions<R>(place: Place, resultOf: (made: Made) => R | undefined): ApartPartitions<R> {
    const key = JSON.stringify([place.stage.operator, place.stage.path, place.stage.side]);
    let first: (Promise<Made> | undefined)[] | undefined;
    return {
      get: async (partition) => {
        if (this.#unsendable.has(key)) return undefined;
        first ??= this.#ask(place, [...place.origins.keys()]);
        const asked = first[partition] ?? this.#ask(place, [partition])[partition];
        first[partition] = undefined;
        const made = await asked;
        if (made?.kind === 'unsendable') this.#tellUnsendable(key, place.stage, made.what);
        return made === undefined ? undefined : resultOf(made);
      },
    };
  }

  #tellUnsendable(key: string, { operator }: Stage, what: string): void {
    if (this.#unsendable.has(key)) return;
    this.#unsendable.add(key);
    this.#warn(failure('STREAM_THREAD_VALUES', { operator, what }).message);
  }

  #ask({ stage, origins }: Place, partitions: readonly number[]): (Promise<Made> | undefined)[] {
    const asked: (Promise<Made> | undefined)[] = [];
    const bySlot = grouped(partitions, (partition) => this.#ownerOf(origins[partition] as Origin));
    const sources = new Set(origins.map(({ source }) => source));
    for (const [slot, ofSlot] of bySlot) {
      const ranges = Array.from(sources).flatMap((source) =>
        source instanceof SourceRdd ? [this.#rangeFor(slot, source)] : [],
      );
      for (const [i, made] of this.#threads.make(slot, stage, ofSlot, ranges).entries()) {
        // Whoever waits for it is told; where nobody does, because another partition failed first, nobody need be.
        made.catch(() => undefined);
        asked[ofSlot[i] as number] = made;
      }
    }
    return asked;
  }

  /** The range of a source, as far as one thread reads it. */
  #rangeFor(slot: number, source: SourceRdd<unknown>): InputRange {
    const { input, time } = this.#sources.get(source) as { input: OperatorId; time: Time };
    const { from, until } = source.range;
    const begin: Record<string, number> = {};
    for (const [name, end] of Object.entries(until)) {
      begin[name] = this.#ownerOf({ source, name }) === slot ? (from[name] ?? end) : end;
    }
    return { input, time, from: begin, until };
  }

  #ownerOf({ source, name }: Origin): number {
    const key = JSON.stringify([this.#sources.get(source)?.input, name]);
    const known = this.#owners.get(key);
    if (known !== undefined) return known;
    const owner = this.#owners.size % this.#threads.count;
    this.#owners.set(key, owner);
    return owner;
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
