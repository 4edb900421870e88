import { HashPartitioner, type Partitioner } from '../kernel/partitioner.ts';
import { type Duration, durationMs, type Time } from '../kernel/time.ts';
import type { Pair } from '../rdd/pair.ts';
import { RDD } from '../rdd/rdd.ts';
import { requirePartitioning } from '../rdd/partitioning.ts';
import { pairList, requireElementFunction } from './arguments.ts';
import type { State } from './state.ts';

/** Called for every record, and once for a key that times out (then `value` is null). Its result is always emitted. */
export type MapState<K, V, S, U> = (key: K, value: V | null, state: State<S>) => U;

/** As `MapState`, with the batch time first. A result of null or undefined is not emitted. */
export type MapStateWithTime<K, V, S, U> = (
  time: Time,
  key: K,
  value: V | null,
  state: State<S>,
) => U | null | undefined;

interface Spec<K, V, S, U> {
  readonly call: MapStateWithTime<K, V, S, U>;
  readonly emitsNull: boolean;
  readonly initial: Iterable<Pair<K, S>> | RDD<Pair<K, S>> | undefined;
  readonly timeoutMs: number | undefined;
  readonly partitioner: Partitioner | undefined;
}

/**
 * What `mapWithState` does: the function, and what the state begins with, when idle keys time out, and how keys are spread.
 *
 * @example
 * StateSpec.function((word, one, state) => { state.update((state.getOption() ?? 0) + one); return [word, state.get()]; })
 *   .timeout('30 seconds')
 */
export class StateSpec<K, V, S, U> {
  readonly spec: Spec<K, V, S, U>;

  private constructor(spec: Spec<K, V, S, U>) {
    this.spec = spec;
  }

  /** The form with four parameters is told apart by their number. */
  static function<K, V, S, U>(f: MapState<K, V, S, U>): StateSpec<K, V, S, U>;
  static function<K, V, S, U>(f: MapStateWithTime<K, V, S, U>): StateSpec<K, V, S, U>;
  static function<K, V, S, U>(f: MapState<K, V, S, U> | MapStateWithTime<K, V, S, U>): StateSpec<K, V, S, U> {
    requireElementFunction('StateSpec.function', 'f', f);
    const withTime = f.length >= 4;
    const call: MapStateWithTime<K, V, S, U> = withTime
      ? (f as MapStateWithTime<K, V, S, U>)
      : (_time, key, value, state) => (f as MapState<K, V, S, U>)(key, value, state);
    return new StateSpec({
      call,
      emitsNull: !withTime,
      initial: undefined,
      timeoutMs: undefined,
      partitioner: undefined,
    });
  }

  /** The state before the first batch: pairs, or an RDD of pairs. */
  initialState(pairs: Iterable<Pair<K, S>> | RDD<Pair<K, S>>): StateSpec<K, V, S, U> {
    const initial = pairs instanceof RDD ? pairs : pairList('StateSpec.initialState', 'pairs', pairs);
    return new StateSpec({ ...this.spec, initial });
  }

  /** A key that has no record for longer than this is given to the function a last time and dropped. */
  timeout(idle: Duration): StateSpec<K, V, S, U> {
    return new StateSpec({ ...this.spec, timeoutMs: durationMs(idle) });
  }

  numPartitions(count: number): StateSpec<K, V, S, U> {
    return new StateSpec({ ...this.spec, partitioner: new HashPartitioner(count) });
  }

  partitioner(partitioner: Partitioner): StateSpec<K, V, S, U> {
    return new StateSpec({ ...this.spec, partitioner: requirePartitioning(partitioner, 'StateSpec.partitioner') });
  }
}
