import { nextTurnIfDue } from '../../kernel/turns.ts';
import type { Time } from '../../kernel/time.ts';
import { ExpiryIndex } from '../../store/expiry-index.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import { timeAtOrAfter, timesBetween } from '../window-length.ts';

/**
 * A state with the time of its last record, and the time under which its key is filed. Without a timeout neither is kept: a state that
 * stays the same is then no change.
 */
export type TimedState<S> = readonly [state: S, touchedAt: Time, filedAt?: Time];

/** So many keys are looked at before others have their turn. */
const keysPerTurn = 4096;

/** How far the index is: it was made for this slide, and times up to `sweptUntil` have been looked at. */
interface Progress {
  readonly slideMs: number;
  readonly sweptUntil: Time;
}

/**
 * Which keys of a `mapWithState` have been idle for longer than its timeout.
 *
 * Each key is filed once, under the time of a record of it. When that time is older than the timeout, the key is looked at: either it
 * has had no record since, or it is filed anew under the time of its last one. So a key is looked at no more often than it had
 * records, and a batch costs as much as what it touches and what falls due, however many keys there are.
 *
 * A filing counts only if the state says the same time: one that was left behind by a key that was removed in between does not.
 */
export class StateTimeouts<K, S> {
  readonly #node: DStreamNode<unknown>;
  readonly #graph: BatchGraph;
  readonly #timeoutMs: number;
  readonly #tableOf: (partition: number) => StateTable<K, TimedState<S>>;
  /** Keys that this batch has begun, by partition. */
  readonly #fresh = new Map<number, K[]>();

  constructor(
    node: DStreamNode<unknown>,
    graph: BatchGraph,
    timeoutMs: number,
    tableOf: (partition: number) => StateTable<K, TimedState<S>>,
  ) {
    this.#node = node;
    this.#graph = graph;
    this.#timeoutMs = timeoutMs;
    this.#tableOf = tableOf;
  }

  /** What is to be stored of a state that had a record, or that begins. `known` is what was stored before. */
  touched(partition: number, key: K, state: S, known: TimedState<S> | undefined, time: Time): TimedState<S> {
    const filedAt = known?.[2] ?? time;
    if (known?.[2] === undefined) {
      const fresh = this.#fresh.get(partition);
      if (fresh === undefined) this.#fresh.set(partition, [key]);
      else fresh.push(key);
    }
    return [state, time, filedAt];
  }

  /** Called once in each batch before the first `touched`: makes the index where there is none for this timeout and slide. */
  prepare(time: Time, partitions: number): void {
    const { slideMs } = this.#node;
    const known = this.#progress.get('timeouts');
    if (known?.slideMs === slideMs) return;
    // All that is older than the timeout is due in this batch.
    const firstDue = timeAtOrAfter(time - this.#timeoutMs - slideMs, slideMs, this.#graph.zeroTime);
    for (let partition = 0; partition < partitions; partition++) {
      const index = this.#index(partition);
      index.clear();
      const filings = new Filings<K>();
      this.#tableOf(partition).updateEach((key, [state, touched]) => {
        // A state of a time without a timeout begins to be idle now.
        const touchedAt = touched === 0 ? time : touched;
        const filedAt = Math.max(firstDue, timeAtOrAfter(touchedAt, slideMs, this.#graph.zeroTime));
        filings.add(filedAt, key);
        return [state, touchedAt, filedAt];
      });
      filings.fileInto(index);
    }
    this.#progress.put('timeouts', { slideMs, sweptUntil: firstDue - slideMs });
  }

  /** Files what the batch has begun. Called after the last `touched`. */
  settle(time: Time): void {
    for (const [partition, keys] of this.#fresh) this.#index(partition).file(time, keys);
    this.#fresh.clear();
  }

  /** Gives `expire` every key that has been idle for longer than the timeout, and removes it. */
  async sweep(time: Time, partitions: number, expire: (partition: number, key: K, state: S) => void): Promise<void> {
    const known = this.#progress.get('timeouts');
    if (known === undefined) return;
    const { slideMs, sweptUntil } = known;
    const idleSince = time - this.#timeoutMs;
    const due = timesBetween(sweptUntil, idleSince - 1, slideMs, this.#graph.zeroTime);
    const last = due.at(-1);
    if (last === undefined) return;
    let looked = 0;
    for (let partition = 0; partition < partitions; partition++) {
      const table = this.#tableOf(partition);
      const index = this.#index(partition);
      const filings = new Filings<K>();
      for (const filedAt of due) {
        for (const keys of index.take(filedAt)) {
          for (const key of keys) {
            const stored = table.get(key);
            if (stored === undefined || stored[2] !== filedAt) continue;
            const [state, touchedAt] = stored;
            if (touchedAt < idleSince) {
              expire(partition, key, state);
              table.remove(key);
              continue;
            }
            const next = timeAtOrAfter(touchedAt, slideMs, this.#graph.zeroTime);
            table.put(key, [state, touchedAt, next]);
            filings.add(next, key);
          }
          looked += keys.length;
          if (looked < keysPerTurn) continue;
          looked = 0;
          await nextTurnIfDue();
        }
      }
      filings.fileInto(index);
    }
    this.#progress.put('timeouts', { slideMs, sweptUntil: last });
  }

  get #progress(): StateTable<string, Progress> {
    return this.#graph.table(this.#node, 'progress');
  }

  #index(partition: number): ExpiryIndex<K> {
    return indexOf(this.#node, this.#graph, partition);
  }
}

/** Drops the index of a step that has a timeout no more; costs nothing where there is none. */
export function dropTimeouts(node: DStreamNode<unknown>, graph: BatchGraph, partitions: number): void {
  const progress = graph.table<string, Progress>(node, 'progress');
  if (!progress.remove('timeouts')) return;
  for (let partition = 0; partition < partitions; partition++) indexOf(node, graph, partition).clear();
}

function indexOf<K>(node: DStreamNode<unknown>, graph: BatchGraph, partition: number): ExpiryIndex<K> {
  return new ExpiryIndex(graph.table(node, 'expiry', partition), graph.table(node, 'expiry-index', partition));
}

/** Keys to be filed, by time. */
class Filings<K> {
  readonly #byTime = new Map<Time, K[]>();

  add(time: Time, key: K): void {
    const keys = this.#byTime.get(time);
    if (keys === undefined) this.#byTime.set(time, [key]);
    else keys.push(key);
  }

  fileInto(index: ExpiryIndex<K>): void {
    for (const [time, keys] of this.#byTime) index.file(time, keys);
  }
}
