import type { EventTimes } from '../operators/compiled-query.ts';

export type WatermarkPolicy = 'min' | 'max';

/** What has to survive a restart. */
export interface WatermarkState {
  /** The watermark of the next batch. */
  readonly watermarkMs: number;
  /** What each `withWatermark` node has reached by itself, in the order of the plan. */
  readonly nodes: readonly number[];
  /** For how long each has been without a row, while the query ran. */
  readonly silentMs?: readonly number[];
}

/** How long each node may be silent and still hold the watermark, and what time it is when the tracker is made. */
export interface IdleRule {
  readonly timeoutsMs: readonly (number | undefined)[];
  readonly nowMs: number;
}

/** One node, as progress shows it. */
export interface NodeWatermark {
  readonly watermarkMs: number;
  readonly isIdle: boolean;
  /** Whether the query's watermark is where it is because of this node. */
  readonly isPinning: boolean;
}

/**
 * The watermark of a query: for each `withWatermark` node the latest event time seen less its delay, and of these the least (or the
 * greatest). It is computed at the end of a batch, holds from the next one on, and never goes back. Before any data it is the epoch, and
 * a node that has seen nothing keeps it there under the policy `min`.
 *
 * A node with an idle timeout that has had no row for so long is idle: it is left out until it has a row again, unless all are. Times are
 * those of batches, and how long a node was silent is kept with the batch: downtime does not count, and a restart changes nothing.
 */
export class WatermarkTracker {
  readonly #policy: WatermarkPolicy;
  readonly #timeoutsMs: IdleRule['timeoutsMs'];
  #watermarkMs: number;
  #nodes: readonly number[];
  /** When each node had its last row, or the query started. */
  #activeMs: readonly number[];
  #nowMs: number;
  /** The node that held the watermark before it moved last. */
  #mover: { readonly node: number; readonly isIdle: boolean } | undefined;
  #hasMoved = false;

  constructor(
    policy: WatermarkPolicy,
    state: WatermarkState = { watermarkMs: 0, nodes: [] },
    idle: IdleRule = { timeoutsMs: [], nowMs: 0 },
  ) {
    this.#policy = policy;
    this.#watermarkMs = state.watermarkMs;
    this.#timeoutsMs = idle.timeoutsMs;
    this.#nodes = idle.timeoutsMs.map((_, i) => state.nodes[i] ?? 0);
    this.#activeMs = idle.timeoutsMs.map((_, i) => idle.nowMs - (state.silentMs?.[i] ?? 0));
    this.#nowMs = idle.nowMs;
  }

  get watermarkMs(): number {
    return this.#watermarkMs;
  }

  get state(): WatermarkState {
    return {
      watermarkMs: this.#watermarkMs,
      nodes: this.#nodes,
      silentMs: this.#activeMs.map((active) => Math.max(0, this.#nowMs - active)),
    };
  }

  /** The node that moved the watermark since this was last called: by a row, or because it is idle. */
  takeMove(): { readonly node: number; readonly isIdle: boolean } | undefined {
    const move = this.#hasMoved ? this.#mover : undefined;
    this.#hasMoved = false;
    return move;
  }

  get nodes(): readonly NodeWatermark[] {
    const holding = this.#holding();
    const pinned = this.#chosen(holding);
    return this.#nodes.map((watermarkMs, i) => ({
      watermarkMs,
      isIdle: this.#isIdle(i),
      isPinning: holding.includes(i) && watermarkMs === pinned,
    }));
  }

  /** Takes in what a batch of this time saw; a batch that failed is not told. */
  advance(times: readonly EventTimes[], nowMs = this.#nowMs): void {
    if (times.length === 0) return;
    this.#nowMs = nowMs;
    this.#activeMs = times.map(({ count }, i) => (count > 0 ? nowMs : (this.#activeMs[i] ?? nowMs)));
    const before = this.#pin();
    this.#nodes = times.map(({ maxUs, delayMs }, i) => {
      const before = this.#nodes[i] ?? 0;
      return maxUs === undefined ? before : Math.max(before, Math.floor(maxUs / 1000) - delayMs);
    });
    this.#choose(before);
  }

  /** Before a batch is planned: lets go of nodes that are idle by now. `hasRows`: the node's next rows are there already. */
  lookForIdle(nowMs: number, hasRows: (node: number) => boolean): void {
    if (this.#timeoutsMs.every((timeout) => timeout === undefined)) return;
    const before = this.#pin();
    this.#nowMs = nowMs;
    this.#choose(before, hasRows);
  }

  #choose(before: number, hasRows?: (node: number) => boolean): void {
    if (this.#nodes.length === 0) return;
    const holding = this.#holding(hasRows);
    const chosen = this.#chosen(holding);
    if (chosen <= this.#watermarkMs) return;
    this.#watermarkMs = chosen;
    const node = this.#policy === 'min' ? before : this.#nodes.indexOf(chosen);
    this.#mover = { node, isIdle: !holding.includes(node) };
    this.#hasMoved = true;
  }

  /** The node that the watermark waits for. */
  #pin(): number {
    const holding = this.#holding();
    return holding.find((i) => this.#nodes[i] === this.#chosen(holding)) ?? 0;
  }

  #chosen(holding: readonly number[]): number {
    const reached = holding.map((i) => this.#nodes[i] as number);
    return this.#policy === 'min' ? Math.min(...reached) : Math.max(...reached);
  }

  /** The nodes that count: all where all are idle. */
  #holding(hasRows: (node: number) => boolean = () => false): readonly number[] {
    const all = this.#nodes.map((_, i) => i);
    const awake = all.filter((i) => !this.#isIdle(i) || hasRows(i));
    return awake.length === 0 ? all : awake;
  }

  #isIdle(node: number): boolean {
    const timeoutMs = this.#timeoutsMs[node];
    return timeoutMs !== undefined && this.#nowMs - (this.#activeMs[node] ?? this.#nowMs) >= timeoutMs;
  }
}
