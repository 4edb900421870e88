import { raise } from '../../kernel/errors.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { getOrAdd } from '../../kernel/get-or-add.ts';
import { fromPlain, toPlain } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import { collectPartition } from '../../rdd/evaluate.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import type { NumberedColumns } from '../../rdd/key-columns.ts';
import { buffersOf, pack, type Packed, listOf, Unsendable, valuesOf } from '../../rdd/packed.ts';
import type { Pair } from '../../rdd/pair.ts';
import { countPartition } from '../../rdd/actions/count.ts';
import { headOf } from '../../rdd/actions/take.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { placed, ReadElsewhere } from '../../rdd/record-place.ts';
import { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import type { InputNode, InputRun } from '../input-node.ts';
import { ReduceRdd } from '../operators/reduce.ts';
import type { StreamingContext } from '../streaming-context.ts';
import { type Columns, Exchange, ExchangedNode } from './exchange.ts';
import { HeardKeys, SentKeys } from './key-news.ts';
import type { Addressed, Bucket, InputRange, Stage, ThreadPort, ToThread } from './messages.ts';
import { memoryOf, placeOf, type Scattered, ScatteredColumns, ScatteredPairs } from './scattering.ts';
import { ThreadTables } from './thread-tables.ts';

type Begin = Extract<ToThread, { readonly kind: 'begin' }>;
type Make = Extract<ToThread, { readonly kind: 'make' }>;
type Settle = Extract<ToThread, { readonly kind: 'settle' }>;

/**
 * A program in a thread that computes for another one: it has the graph, reads its share of the inputs, and has the states of its share of
 * the keys. No checkpoint is opened, no batch is cut, no output operation runs.
 *
 * The steps of the program are those of one thread. What is different is what they are given: of pairs that are brought to their keys, and of
 * what is combined by key, only what belongs to the partitions that are here.
 */
export class ThreadGraph {
  readonly #port: ThreadPort;
  readonly #place: number;
  readonly #count: number;
  readonly #tables: ThreadTables;
  readonly #exchange = new Exchange();
  readonly #inputs = new Map<string, InputRun<unknown>>();
  readonly #nodes: ReadonlyMap<string, DStreamNode<unknown>>;
  readonly #graph: BatchGraph;
  /** What each stream is made of at a time, before anything is put in front of it. */
  readonly #bare = new Map<DStreamNode<unknown>, Map<Time, RddNode<unknown>>>();
  /** What streams are made of, so that nobody looks below them. */
  readonly #seen = new WeakSet<RddNode<unknown>>();
  readonly #sentKeys = new SentKeys();
  /** By the place of another thread: keys that it has heard of from here, and this one from there. */
  readonly #sentTo = new Map<number, SentKeys>();
  readonly #heardFrom = new Map<number, HeardKeys>();
  #last: Promise<void> = Promise.resolve();

  constructor(context: StreamingContext, port: ThreadPort, { zeroTime, place, count }: Begin) {
    const { graph: program, config } = context;
    this.#port = port;
    this.#place = place;
    this.#count = count;
    const owns = (partition: number): boolean => placeOf(partition, count) === place;
    this.#tables = new ThreadTables(owns);
    this.#nodes = new Map(program.reachable().map((node) => [program.ids.of(node), node]));
    const shared = program.sharedInputs();
    const inputs = new Map<InputNode<unknown>, InputRun<unknown>>();
    for (const input of program.inputs) {
      const run = input.openApart?.({ config, zeroTime, isShared: shared.has(input) });
      if (run === undefined) continue;
      inputs.set(input, run);
      this.#inputs.set(program.ids.of(input), run);
    }
    this.#graph = new BatchGraph({
      graph: program,
      config,
      store: this.#tables,
      zeroTime,
      inputs,
      apart: {
        computed: (node, time, rdd) => {
          getOrAdd(this.#bare, node, () => new Map<Time, RddNode<unknown>>()).set(time, rdd);
          this.#takeOwn(rdd, { operator: program.ids.of(node), time, path: [] });
          return rdd;
        },
        keyed: <T>(node: DStreamNode<unknown>, time: Time, rdd: RddNode<T>) => {
          const stage: Stage = { operator: program.ids.of(node), time, path: [], side: 'moved' };
          return node.keyedBy === undefined ? rdd : new ExchangedNode<T>(rdd.partitions, stage, this.#exchange);
        },
        owns,
      },
    });
  }

  /**
   * Requests are worked off one after the other: each has the processor to itself. What other threads send is taken at once: the request at work
   * may wait for it. Whatever makes it was asked for before, in every thread, so none waits for one that waits for it.
   */
  handle(message: ToThread): void {
    if (message.kind === 'bucket') {
      this.#exchange.put(message.stage, message.partition, this.#columnsOf(message.from, message.bucket));
      return;
    }
    if (message.kind === 'lost') {
      this.#exchange.fail(message.stage, message.partition, fromPlain(message.error));
      return;
    }
    if (message.kind === 'make' || message.kind === 'settle') for (const range of message.ranges) this.#adopt(range);
    this.#last = this.#last.then(async () => {
      if (message.kind === 'make') await this.#make(message);
      else if (message.kind === 'settle') await this.#settle(message);
      else if (message.kind === 'locate') await this.#locate(message);
      else if (message.kind === 'tables') this.#tables.load(message.tables);
      else if (message.kind === 'finish') this.#finish(message);
    });
  }

  /** What a thread has sent. */
  #columnsOf(from: number, bucket: Bucket): Columns {
    const values = valuesOf(bucket.values);
    if (bucket.kind === 'pairs') return { keys: listOf(bucket.keys), ids: undefined, values, numbers: bucket.numbers };
    return { keys: getOrAdd(this.#heardFrom, from, () => new HeardKeys()).take(bucket.news), ids: bucket.ids, values };
  }

  /** What is combined or moved by key somewhere in a batch of a stream takes up what the threads have for the partitions here. */
  #takeOwn(rdd: RddNode<unknown>, at: Omit<Stage, 'side'>): void {
    if (this.#seen.has(rdd)) return;
    this.#seen.add(rdd);
    const isCombined = rdd instanceof CombineByKeyNode && rdd.canCombineApart;
    if (isCombined) rdd.combineApart(this.#exchange.of({ ...at, side: 'scattered' }));
    for (const [index, input] of rdd.parents.entries()) {
      const below = { ...at, path: [...at.path, index] };
      if (!isCombined && rdd.movesBy !== undefined)
        rdd.takeMoved(index, new ExchangedNode(input.partitions, { ...below, side: 'moved' }, this.#exchange));
      this.#takeOwn(input, below);
    }
  }

  #adopt({ input, time, from, until }: InputRange): void {
    this.#inputs.get(input)?.restore({ time, from, until });
  }

  async #make({ request, stage, partitions }: Make): Promise<void> {
    for (const partition of partitions) {
      try {
        await this.#makeOne(request, stage, partition);
      } catch (error) {
        this.#fail({ request, partition }, error);
      }
    }
  }

  async #makeOne(request: number, stage: Stage, partition: number): Promise<void> {
    if (stage.side === 'scattered' || stage.side === 'moved') {
      await this.#scatter(request, stage, partition);
      return;
    }
    const node = await this.#nodeOf(stage);
    if (stage.side === 'counted') {
      const count = await countPartition(node, partition);
      this.#port.post({ kind: 'counted', request, partition, count });
      return;
    }
    if (stage.side === 'combined' && node instanceof CombineByKeyNode) {
      this.#postCombined(request, stage, partition, await node.combined(partition));
      return;
    }
    const packed = await packedOf(node, stage, partition);
    if (packed instanceof Unsendable) this.#port.post({ kind: 'unsendable', request, partition, what: packed.what });
    else this.#port.post({ kind: 'made', request, partition, packed }, buffersOf(packed));
  }

  #postCombined(request: number, stage: Stage, partition: number, combined: NumberedColumns<unknown, unknown>): void {
    const name = JSON.stringify([stage.operator, stage.path]);
    const news = this.#sentKeys.newsOf(name, combined.keys);
    const values = news instanceof Unsendable ? news : pack(combined.values);
    if (news instanceof Unsendable || values instanceof Unsendable) {
      const { what } = values as Unsendable;
      this.#port.post({ kind: 'unsendable', request, partition, what });
      return;
    }
    const { ids } = combined;
    const handedOver = [ids.buffer as ArrayBuffer, ...buffersOf(news.added), ...buffersOf(values)];
    this.#port.post({ kind: 'combined', request, partition, news, ids, values }, handedOver);
    this.#sentKeys.sent(name);
  }

  /** Brings the pairs of an input partition to the threads that have their keys. */
  async #scatter(request: number, stage: Stage, partition: number): Promise<void> {
    const scattered = await this.#scattered(stage, partition);
    this.#exchange.put(stage, partition, scattered.columnsFor(this.#place));
    const buckets: Addressed[] = [];
    for (let to = 0; to < this.#count; to++) {
      const bucket = to === this.#place ? undefined : scattered.bucketFor(to);
      if (bucket instanceof Unsendable) {
        this.#port.post({ kind: 'unsendable', request, partition, what: bucket.what });
        return;
      }
      if (bucket !== undefined) buckets.push({ to, bucket });
    }
    const handedOver = buckets.flatMap(({ bucket }) => memoryOf(bucket));
    this.#port.post({ kind: 'scattered', request, partition, stage, buckets }, handedOver);
  }

  async #scattered(stage: Stage, partition: number): Promise<Scattered> {
    const { operator, path } = stage;
    if (stage.side === 'moved') {
      const scattered = new ScatteredPairs(operator, this.#count);
      const { pairs, by } = await this.#toMove(stage);
      await pairs?.compute(partition, scattered.by(by));
      return scattered;
    }
    const node = await this.#nodeOf(stage);
    if (!(node instanceof CombineByKeyNode))
      return raise('INTERNAL_INVARIANT', { what: `a ${node.kind} cannot be scattered in a thread` });
    return new ScatteredColumns(await node.combined(partition), {
      operator,
      partitioner: node.partitioner,
      count: this.#count,
      sentTo: (place) => getOrAdd(this.#sentTo, place, () => new SentKeys()),
      name: JSON.stringify([operator, path]),
    });
  }

  /** Pairs that are moved, and by what: for a node of a stream, or for a state. */
  async #toMove(
    stage: Omit<Stage, 'side'>,
  ): Promise<{ readonly pairs: RddNode<Pair<unknown, unknown>> | undefined; readonly by: Partitioner }> {
    const { operator, time, path } = stage;
    const { keyedBy, dependencies } = this.#streamOf(operator);
    const [parent] = dependencies;
    const isForState = path.length === 0 && parent !== undefined;
    const above = isForState ? undefined : await this.#nodeOf({ ...stage, path: path.slice(0, -1) });
    const by = above === undefined ? keyedBy : above.movesBy;
    if (by === undefined) return raise('INTERNAL_INVARIANT', { what: `${operator} moves nothing in a thread` });
    const pairs = isForState ? await this.#graph.at(parent, time) : await this.#nodeOf(stage);
    return { pairs: pairs as RddNode<Pair<unknown, unknown>> | undefined, by };
  }

  /** Brings the states to the end of the batch, and says what has changed. */
  async #settle({ request, moved, collected }: Settle): Promise<void> {
    try {
      for (const { operator, time } of moved) await this.#graph.at(this.#streamOf(operator), time);
      for (const { operator, time } of collected) await this.#streamOf(operator).collect(time, this.#graph);
      await this.#graph.settle();
      const changes = this.#tables.changes();
      const handedOver = changes.flatMap(({ parts }) => parts.map((part) => part.buffer as ArrayBuffer));
      this.#port.post({ kind: 'settled', request, changes }, handedOver);
    } catch (error) {
      this.#fail({ request }, error);
    }
  }

  #fail(asked: { readonly request: number; readonly partition?: number }, thrown: unknown): void {
    const { error, ...more } = thrown instanceof ReadElsewhere ? thrown : { error: thrown };
    this.#port.post({ kind: 'failed', ...asked, error: toPlain(error), ...more });
  }

  /** Says where the record of a pair is that was read here. */
  async #locate({ request, record, error }: Extract<ToThread, { readonly kind: 'locate' }>): Promise<void> {
    const { partition, element } = record;
    const { pairs } = await this.#toMove(record);
    const known = fromPlain(error);
    this.#fail({ request }, pairs === undefined ? known : await placed(pairs, partition, element, known));
  }

  #streamOf(operator: string): DStreamNode<unknown> {
    return (
      this.#nodes.get(operator) ??
      raise('INTERNAL_INVARIANT', { what: `${operator} is not in the program of a thread` })
    );
  }

  async #nodeOf({ operator, time, path }: Omit<Stage, 'side'>): Promise<RddNode<unknown>> {
    const stream = this.#streamOf(operator);
    await this.#graph.at(stream, time);
    let node = this.#bare.get(stream)?.get(time);
    for (const step of path) node = node?.parents[step];
    return node ?? raise('INTERNAL_INVARIANT', { what: `${operator} has no node ${path.join('/')} in a thread` });
  }

  #finish({ time, isCommitted }: Extract<ToThread, { readonly kind: 'finish' }>): void {
    this.#tables.end(isCommitted);
    this.#graph.finish(time, { hadWork: true, isCommitted });
    for (const [node, times] of this.#bare) {
      const held = new Set(this.#graph.timesOf(node));
      for (const at of times.keys()) if (!held.has(at)) times.delete(at);
    }
    this.#exchange.forget((operator, at) => at > time || this.#graph.timesOf(this.#streamOf(operator)).includes(at));
  }
}

async function packedOf(
  node: RddNode<unknown>,
  { side, limit = 0 }: Stage,
  partition: number,
): Promise<Packed | Unsendable> {
  if (side === 'elements') return pack(await collectPartition(node, partition));
  if (side === 'head') return pack(await headOf(node, partition, limit));
  if (side === 'reduced' && node instanceof ReduceRdd) {
    const values: unknown[] = [];
    await node.reduced(partition, (value) => {
      values.push(value);
    });
    return pack(values);
  }
  return raise('INTERNAL_INVARIANT', { what: `a ${node.kind} cannot be ${side} in a thread` });
}
