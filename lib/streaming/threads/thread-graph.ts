import { raise } from '../../kernel/errors.ts';
import { toPlain } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import { collectPartition } from '../../rdd/evaluate.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import type { NumberedColumns } from '../../rdd/key-columns.ts';
import { buffersOf, pack, type Packed, Unsendable } from '../../rdd/packed.ts';
import { countPartition } from '../../rdd/actions/count.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import type { InputNode, InputRun } from '../input-node.ts';
import { ReduceRdd } from '../operators/reduce.ts';
import type { StreamingContext } from '../streaming-context.ts';
import { SentKeys } from './key-news.ts';
import type { InputRange, Stage, ThreadPort, ToThread } from './messages.ts';

type Make = Extract<ToThread, { readonly kind: 'make' }>;

/**
 * A program in a thread that computes for another one: it has the graph and reads the inputs, and nothing else. No checkpoint is
 * opened, no batch is cut, no output operation runs.
 */
export class ThreadGraph {
  readonly #port: ThreadPort;
  readonly #inputs = new Map<string, InputRun<unknown>>();
  readonly #nodes: ReadonlyMap<string, DStreamNode<unknown>>;
  readonly #graph: BatchGraph;
  /** What each stream is made of at a time, before anything is put in front of it. */
  readonly #bare = new Map<DStreamNode<unknown>, Map<Time, RddNode<unknown>>>();
  readonly #sentKeys = new SentKeys();
  #last: Promise<void> = Promise.resolve();

  constructor(context: StreamingContext, port: ThreadPort, zeroTime: Time) {
    const { graph: program, config, clock } = context;
    this.#port = port;
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
      store: new MemoryStore({ retainVersions: 1, clock }),
      zeroTime,
      inputs,
      apart: {
        computed: (node, time, rdd) => {
          const times = this.#bare.get(node) ?? new Map<Time, RddNode<unknown>>();
          this.#bare.set(node, times.set(time, rdd));
          return rdd;
        },
      },
    });
  }

  /** Requests are worked off one after the other: each has the processor to itself. */
  handle(message: ToThread): void {
    if (message.kind === 'make') for (const range of message.ranges) this.#adopt(range);
    this.#last = this.#last.then(async () => {
      if (message.kind === 'make') await this.#make(message);
      else if (message.kind === 'finish') this.#finish(message.time);
    });
  }

  #adopt({ input, time, from, until }: InputRange): void {
    this.#inputs.get(input)?.restore({ time, from, until });
  }

  async #make({ request, stage, partitions }: Make): Promise<void> {
    for (const partition of partitions) {
      try {
        await this.#makeOne(request, stage, partition);
      } catch (error) {
        this.#port.post({ kind: 'failed', request, partition, error: toPlain(error) });
      }
    }
  }

  async #makeOne(request: number, stage: Stage, partition: number): Promise<void> {
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
    const packed = await packedOf(node, stage.side, partition);
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

  async #nodeOf({ operator, time, path }: Stage): Promise<RddNode<unknown>> {
    const stream = this.#nodes.get(operator);
    if (stream === undefined)
      return raise('INTERNAL_INVARIANT', { what: `${operator} is not in the program of a thread` });
    await this.#graph.at(stream, time);
    let node = this.#bare.get(stream)?.get(time);
    for (const step of path) node = node?.parents[step];
    return node ?? raise('INTERNAL_INVARIANT', { what: `${operator} has no node ${path.join('/')} in a thread` });
  }

  #finish(time: Time): void {
    this.#graph.finish(time);
    for (const [node, times] of this.#bare) {
      const held = new Set(this.#graph.timesOf(node));
      for (const at of times.keys()) if (!held.has(at)) times.delete(at);
    }
  }
}

async function packedOf(
  node: RddNode<unknown>,
  side: 'elements' | 'combined' | 'reduced',
  partition: number,
): Promise<Packed | Unsendable> {
  if (side === 'elements') return pack(await collectPartition(node, partition));
  if (side === 'reduced' && node instanceof ReduceRdd) {
    const values: unknown[] = [];
    await node.reduced(partition, (value) => {
      values.push(value);
    });
    return pack(values);
  }
  return raise('INTERNAL_INVARIANT', { what: `a ${node.kind} cannot be ${side} in a thread` });
}
