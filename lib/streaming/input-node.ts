import type { Clock } from '../kernel/clock.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { Time } from '../kernel/time.ts';
import type { Offset } from '../io/offsets.ts';
import type { ReadLimit } from '../io/read-limit.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import type { ReceivedLog } from '../store/received-log.ts';
import type { PlannedRange } from '../store/state-store.ts';
import type { BatchGraph } from './batch-graph.ts';
import type { Configuration } from './configuration.ts';
import { DStreamNode, type StreamAt } from './dstream-node.ts';
import type { ListenerBus } from './listener-bus.ts';

/** What an input is given when the context starts. */
export interface InputContext {
  readonly id: OperatorId;
  readonly clock: Clock;
  readonly config: Configuration;
  readonly zeroTime: Time;
  readonly batchMs: number;
  /** More than one chain reads the stream within a batch, so that what was read is worth holding until the batch ends. */
  readonly isShared: boolean;
  /** The number of the input in events. */
  readonly streamId: number;
  /** Where receivers tell what becomes of them. */
  readonly bus: ListenerBus;
  /** Where received records are made durable; undefined without a checkpoint directory. */
  readonly received: ReceivedLog | undefined;
  warn(text: string): void;
}

/** What an input is given in a thread that computes for another one. */
export type ApartContext = Pick<InputContext, 'config' | 'isShared' | 'zeroTime'>;

/** What one batch got of an input, for events. */
export interface InputPart {
  readonly records: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * An input of a running context. The engine calls `allot` once for every time that is needed, in order of planning, then `rdd` when the
 * batch runs; `release` once the times up to one are no longer remembered.
 */
export interface InputRun<T> {
  /** Everything is open and nothing has run yet: what comes from outside may begin to come. With `isReadApart` other threads read what can be read in parts. */
  begin?(isReadApart: boolean): Promise<void> | void;
  /** The context stops: nothing more comes in, and what came belongs to the next batch. */
  stopReceiving?(): Promise<void>;
  /**
   * Fixes what the stream is at `time`; from then on it is the same whenever it is asked. Inputs without positions give no range.
   * With `isBacklog` another time was allotted at this very moment: an input that took everything then may give nothing now.
   */
  allot(time: Time, limit: ReadLimit, isBacklog: boolean): Promise<PlannedRange | undefined>;
  /** As `allot`, with the range that a plan recorded earlier; the input goes on behind it. */
  adopt(range: PlannedRange): void;
  /** A range of a batch that is done, which a later one may read again; the input does not move. */
  restore(range: PlannedRange): void;
  /** The ranges of times up to one that are still remembered. */
  retained(upTo: Time): readonly PlannedRange[];
  rdd(time: Time): RddNode<T> | undefined;
  part(time: Time): InputPart | undefined;
  /** The batch is over: what was held in memory for it can go. It can still be read again. */
  batchDone(time: Time): void;
  release(upTo: Time): void;
  /** Everything below is durable. */
  committed(until: Offset): Promise<void>;
  close(): Promise<void>;
}

/** A stream without inputs of its own. */
export abstract class InputNode<T> extends DStreamNode<T> {
  readonly dependencies: readonly DStreamNode<unknown>[] = [];
  /** Gives an RDD for every time, if an empty one. */
  abstract readonly isAlwaysPresent: boolean;
  /** Gives the same again after a restart. */
  abstract readonly isReplayable: boolean;
  /** What a batch gets is known when it is planned; otherwise when it has been read. */
  readonly countsWhenPlanned: boolean = false;

  /** Begins to connect while the store is opened; `open` follows, or `abandon` where it does not come to that. */
  prepare?(): void;
  abandon?(): Promise<void>;

  /** Connects, and goes on at `from` where a checkpoint says so. */
  abstract open(from: Offset | undefined, context: InputContext): Promise<InputRun<T>>;

  /** Where the records come from, in words: two threads that read the same have the same. */
  get origin(): string {
    return this.step.method;
  }

  /**
   * Opens the input in a thread that reads a part of it: the ranges that it is told, or what the time says. Absent where the input cannot be read in parts: what it
   * gives comes from one connection, or from the program itself.
   */
  openApart?(context: ApartContext): InputRun<T> | undefined;

  override demand(): readonly StreamAt[] {
    return [];
  }

  compute(time: Time, graph: BatchGraph): Promise<RddNode<T> | undefined> {
    return Promise.resolve(graph.input(this).rdd(time));
  }
}
