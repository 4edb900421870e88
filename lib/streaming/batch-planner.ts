import type { Time } from '../kernel/time.ts';

import type { ReadLimit } from '../io/read-limit.ts';
import type { BatchPlan, PlannedRange } from '../store/state-store.ts';
import type { BatchGraph } from './batch-graph.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import type { DStreamNode } from './dstream-node.ts';
import { InputNode, type InputRun } from './input-node.ts';
import { TimeList } from './time-list.ts';

/** A batch whose input is fixed and that has not run yet. */
export interface PlannedBatch {
  readonly time: Time;
  readonly plan: BatchPlan;
  /** The inputs it needs, each with the times of the input. */
  readonly demand: ReadonlyMap<InputNode<unknown>, readonly Time[]>;
  /** Whether any output operation has a batch at this time. */
  readonly hasOutput: boolean;
  /** Whether anything is to be done: an output operation, or a window that takes up a batch of its input. */
  readonly hasWork: boolean;
}

/**
 * Finds out what a batch will read before it runs, and has every input fix its part.
 *
 * Batches are planned in order of time, ahead of those that run: so the planner keeps its own cursors, which run ahead of the graph's.
 * An input time is allotted once; an input that no output operation needs at a time is not allotted, and its records land in
 * the next batch that does.
 */
export class BatchPlanner {
  readonly #program: DStreamGraph;
  readonly #graph: BatchGraph;
  readonly #inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  readonly #collectors: readonly DStreamNode<unknown>[];
  readonly #cursors = new Map<DStreamNode<unknown>, Time>();
  readonly #allotted = new Map<InputNode<unknown>, TimeList<true>>();
  readonly #retentions: ReadonlyMap<DStreamNode<unknown>, number>;
  readonly #limitOf: (input: InputNode<unknown>) => ReadLimit;
  /** The inputs that have given something at the moment that is being planned; one that no batch of it has asked yet has more to give. */
  readonly #asked = new Set<InputNode<unknown>>();

  constructor(
    program: DStreamGraph,
    graph: BatchGraph,
    inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>,
    limitOf: (input: InputNode<unknown>) => ReadLimit,
  ) {
    this.#program = program;
    this.#graph = graph;
    this.#inputs = inputs;
    this.#limitOf = limitOf;
    this.#retentions = program.retentions();
    this.#collectors = program.collectors();
  }

  /**
   * Plans the batch of `time`: each input decides, in order, what it gives. `isBacklog` says that another batch was planned at the same
   * moment just before, so that an input that has given all it had need not be asked again.
   */
  async plan(time: Time, isBacklog: boolean): Promise<PlannedBatch> {
    const demand = this.#demandOf(time);
    const ranges: Record<string, PlannedRange[]> = {};
    if (!isBacklog) this.#asked.clear();
    for (const [input, times] of demand) {
      const hasGiven = this.#asked.has(input);
      for (const at of times) {
        const range = await this.#run(input).allot(at, this.#limitOf(input), hasGiven);
        if (range !== undefined) (ranges[this.#graph.idOf(input)] ??= []).push(range);
      }
      this.#asked.add(input);
    }
    return { time, plan: { batchTime: time, ranges }, demand, ...this.#work(time) };
  }

  /**
   * Takes over a plan of an earlier process: the same ranges again. Inputs without ranges are asked anew, and what they give becomes part
   * of the plan.
   */
  async adopt(plan: BatchPlan): Promise<PlannedBatch> {
    const demand = this.#demandOf(plan.batchTime);
    const added: Record<string, PlannedRange[]> = {};
    for (const [input, times] of demand) {
      const id = this.#graph.idOf(input);
      const planned = plan.ranges[id] ?? [];
      for (const range of planned) {
        this.#run(input).adopt(range);
        this.#times(input).set(range.time, true);
      }
      for (const at of times) {
        if (planned.some((range) => range.time === at)) continue;
        const range = await this.#run(input).allot(at, this.#limitOf(input), false);
        if (range !== undefined) (added[id] ??= [...planned]).push(range);
      }
    }
    const isSame = Object.keys(added).length === 0;
    const adopted = isSame ? plan : { ...plan, ranges: { ...plan.ranges, ...added } };
    return { time: plan.batchTime, plan: adopted, demand, ...this.#work(plan.batchTime) };
  }

  /** Ranges of batches that are done and may still be read by a later one; restored before the first plan. */
  restore(input: InputNode<unknown>, ranges: readonly PlannedRange[]): void {
    for (const range of ranges) {
      this.#run(input).restore(range);
      this.#times(input).set(range.time, true);
    }
  }

  #demandOf(time: Time): ReadonlyMap<InputNode<unknown>, readonly Time[]> {
    const found = new Map<InputNode<unknown>, Time[]>();
    const seen = new Map<DStreamNode<unknown>, Set<Time>>();
    // Cursors move at the end: two consumers of a stream may ask for different times of it in the same batch, in any order.
    const reached = new Map<DStreamNode<unknown>, Time>();
    const visit = (node: DStreamNode<unknown>, at: Time): void => {
      if (!this.#graph.isValid(node, at)) return;
      const times = seen.get(node) ?? new Set<Time>();
      seen.set(node, times);
      if (times.has(at)) return;
      times.add(at);
      if (node instanceof InputNode) {
        const allotted = this.#times(node);
        if (allotted.has(at)) return;
        allotted.set(at, true);
        found.set(node, [...(found.get(node) ?? []), at]);
        return;
      }
      const cursor = this.#cursors.get(node) ?? (node.hasCursor ? this.#graph.cursorOf(node) : this.#graph.zeroTime);
      if (node.hasCursor) {
        if (at <= cursor) return;
        reached.set(node, Math.max(at, reached.get(node) ?? at));
      }
      for (const needed of node.demand(at, cursor)) visit(needed.node, needed.time);
    };
    for (const output of this.#program.outputs) visit(output.node, time);
    for (const collector of this.#collectors) for (const input of collector.dependencies) visit(input, time);
    for (const [node, at] of reached) this.#cursors.set(node, at);
    for (const [input, times] of found) {
      times.sort((a, b) => a - b);
      this.#forget(input, time);
    }
    return found;
  }

  #forget(input: InputNode<unknown>, time: Time): void {
    const keep = 2 * (this.#retentions.get(input) ?? input.slideMs);
    this.#times(input).dropUntil(time - keep);
  }

  #times(input: InputNode<unknown>): TimeList<true> {
    const known = this.#allotted.get(input);
    if (known !== undefined) return known;
    const times = new TimeList<true>();
    this.#allotted.set(input, times);
    return times;
  }

  #run(input: InputNode<unknown>): InputRun<unknown> {
    return this.#inputs.get(input) as InputRun<unknown>;
  }

  #work(time: Time): { readonly hasOutput: boolean; readonly hasWork: boolean } {
    const hasOutput = this.#program.outputs.some((output) => this.#graph.isValid(output.node, time));
    const collects = this.#collectors.some((node) =>
      node.dependencies.some((input) => this.#graph.isValid(input, time)),
    );
    return { hasOutput, hasWork: hasOutput || collects };
  }
}
