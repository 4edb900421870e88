import type { EventTimes } from '../operators/compiled-query.ts';

export type WatermarkPolicy = 'min' | 'max';

/** What has to survive a restart. */
export interface WatermarkState {
  /** The watermark of the next batch. */
  readonly watermarkMs: number;
  /** What each `withWatermark` node has reached by itself, in the order of the plan. */
  readonly nodes: readonly number[];
}

/**
 * The watermark of a query: for each `withWatermark` node the latest event time seen less its delay, and of these the least (or the
 * greatest). It is computed at the end of a batch, holds from the next one on, and never goes back. Before any data it is the epoch, and
 * a node that has seen nothing keeps it there under the policy `min`.
 */
export class WatermarkTracker {
  readonly #policy: WatermarkPolicy;
  #watermarkMs: number;
  #nodes: readonly number[];

  constructor(policy: WatermarkPolicy, state: WatermarkState = { watermarkMs: 0, nodes: [] }) {
    this.#policy = policy;
    this.#watermarkMs = state.watermarkMs;
    this.#nodes = state.nodes;
  }

  get watermarkMs(): number {
    return this.#watermarkMs;
  }

  get state(): WatermarkState {
    return { watermarkMs: this.#watermarkMs, nodes: this.#nodes };
  }

  /** Takes in what a batch saw; a batch that failed is not told. */
  advance(times: readonly EventTimes[]): void {
    if (times.length === 0) return;
    this.#nodes = times.map(({ maxUs, delayMs }, i) => {
      const before = this.#nodes[i] ?? 0;
      return maxUs === undefined ? before : Math.max(before, Math.floor(maxUs / 1000) - delayMs);
    });
    const chosen = this.#policy === 'min' ? Math.min(...this.#nodes) : Math.max(...this.#nodes);
    this.#watermarkMs = Math.max(this.#watermarkMs, chosen);
  }
}
