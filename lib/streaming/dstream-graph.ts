import { raise } from '../kernel/errors.ts';
import type { DStreamNode } from './dstream-node.ts';
import { InputNode } from './input-node.ts';
import { OperatorIds } from './operator-ids.ts';
import type { OutputOperation } from './output-operation.ts';
import type { Step } from './step.ts';

/**
 * The program as it was written: inputs, output operations and what was asked of single streams. Open while the program is built,
 * frozen by `start`, never changed afterwards.
 */
export class DStreamGraph {
  readonly ids = new OperatorIds();
  readonly #inputs: InputNode<unknown>[] = [];
  readonly #outputs: OutputOperation[] = [];
  readonly #checkpointMs = new Map<DStreamNode<unknown>, number>();
  readonly #cached = new Set<DStreamNode<unknown>>();
  #rememberMs: number | undefined;
  #frozen: 'after the context was started' | 'after the context was stopped' | undefined;

  get inputs(): readonly InputNode<unknown>[] {
    return this.#inputs;
  }

  get outputs(): readonly OutputOperation[] {
    return this.#outputs;
  }

  freeze(when: 'after the context was started' | 'after the context was stopped'): void {
    this.#frozen = when;
  }

  /** Begins a step of the program; refused once the context has started. */
  step(method: string, inputs: readonly DStreamNode<unknown>[]): Step {
    this.#assertOpen();
    const step: Step = { method, inputs };
    this.ids.register(step);
    return step;
  }

  addInput(node: InputNode<unknown>): void {
    this.#inputs.push(node);
  }

  addOutput<T>(output: OutputOperation<T>): void {
    this.#assertOpen();
    this.#outputs.push(output);
  }

  remember(ms: number): void {
    this.#assertOpen();
    if (this.#rememberMs !== undefined) raise('STREAM_REMEMBER_SET', { current: this.#rememberMs });
    this.#rememberMs = ms;
  }

  /** Asks for the data of a stream to be kept in memory from its first use, for as long as the stream is remembered. */
  cache(node: DStreamNode<unknown>): void {
    this.#assertSettable('persist()');
    this.#cached.add(node);
  }

  isCached(node: DStreamNode<unknown>): boolean {
    return this.#cached.has(node);
  }

  checkpoint(node: DStreamNode<unknown>, intervalMs: number): void {
    this.#assertSettable('The checkpoint interval');
    this.#checkpointMs.set(node, intervalMs);
  }

  checkpointMsOf(node: DStreamNode<unknown>): number | undefined {
    return this.#checkpointMs.get(node);
  }

  /** Every stream that an output operation needs, inputs first. */
  reachable(): readonly DStreamNode<unknown>[] {
    const seen = new Set<DStreamNode<unknown>>();
    const visit = (node: DStreamNode<unknown>): void => {
      if (seen.has(node)) return;
      for (const dependency of node.dependencies) visit(dependency);
      seen.add(node);
    };
    for (const output of this.#outputs) visit(output.node);
    return [...seen];
  }

  /** Nodes that have to take up every batch of their input, because it keeps state and they slide by several of its batches. */
  collectors(): readonly DStreamNode<unknown>[] {
    const keepsState = new Map<DStreamNode<unknown>, boolean>();
    for (const node of this.reachable()) {
      keepsState.set(node, node.hasCursor || node.dependencies.some((input) => keepsState.get(input) === true));
    }
    return this.reachable().filter((node) =>
      node.dependencies.some((input) => input.slideMs < node.slideMs && keepsState.get(input) === true),
    );
  }

  /** How long the batches of each stream are kept: its slide, `remember`, and what the streams that read it need. */
  retentions(): ReadonlyMap<DStreamNode<unknown>, number> {
    const all = new Map<DStreamNode<unknown>, number>();
    // Consumers before their inputs, so that one pass carries every requirement down.
    for (const node of [...this.reachable()].toReversed()) {
      const checkpointMs = this.#checkpointMs.get(node) ?? 0;
      const own = Math.max(node.slideMs, this.#rememberMs ?? 0, 2 * checkpointMs, all.get(node) ?? 0);
      all.set(node, own);
      for (const input of node.dependencies) {
        all.set(input, Math.max(all.get(input) ?? 0, node.inputsRememberMs(own)));
      }
    }
    return all;
  }

  get rememberMs(): number | undefined {
    return this.#rememberMs;
  }

  /** Inputs that more than one chain reads in the same batch. */
  sharedInputs(): ReadonlySet<InputNode<unknown>> {
    const chains = new Map<DStreamNode<unknown>, number>();
    for (const output of this.#outputs) chains.set(output.node, (chains.get(output.node) ?? 0) + 1);
    for (const node of [...this.reachable()].toReversed()) {
      for (const input of node.dependencies) chains.set(input, (chains.get(input) ?? 0) + (chains.get(node) ?? 0));
    }
    return new Set(this.#inputs.filter((input) => (chains.get(input) ?? 0) > 1));
  }

  /** What `start` refuses; everything that can be known earlier was refused when the stream was built. */
  validate(checkpointDir: string | undefined): void {
    if (this.#outputs.length === 0) raise('STREAM_NO_OUTPUT', {});
    this.ids.assertDistinct(this.reachable());
    for (const node of this.reachable()) {
      const operator = this.ids.of(node);
      const intervalMs = this.#checkpointMs.get(node);
      if ((node.needsCheckpoint || intervalMs !== undefined) && checkpointDir === undefined) {
        raise('STREAM_CHECKPOINT_REQUIRED', { operator: this.ids.ofStep(node.step) });
      }
      if (intervalMs === undefined) continue;
      if (intervalMs < node.slideMs || intervalMs % node.slideMs !== 0) {
        raise('STREAM_CHECKPOINT_INTERVAL', { operator, interval: intervalMs, slide: node.slideMs });
      }
      if (this.#rememberMs !== undefined && this.#rememberMs <= intervalMs) {
        raise('STREAM_REMEMBER_TOO_SHORT', { operator, remember: this.#rememberMs, interval: intervalMs });
      }
    }
  }

  #assertOpen(): void {
    if (this.#frozen !== undefined) raise('STREAM_GRAPH_FROZEN', { when: this.#frozen });
  }

  #assertSettable(setting: string): void {
    if (this.#frozen !== undefined) raise('STREAM_SETTING_FROZEN', { setting });
  }
}
