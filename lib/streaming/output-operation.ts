import type { OperatorId } from '../kernel/operator-id.ts';
import type { Time } from '../kernel/time.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import type { DStreamNode } from './dstream-node.ts';
import type { Step } from './step.ts';

/** Which run of which batch this is, for output that has to be told apart from that of an earlier run. */
export interface BatchAttempt {
  readonly batchTime: Time;
  /** 1 at the first run of the batch, 2 when it runs again after a crash or a failure, and so on. */
  readonly attempt: number;
}

/** The batch an output operation runs in. */
export interface OutputContext {
  readonly time: Time;
  readonly operation: OperatorId;
  /** 1 at the first run of the batch, 2 when it runs again after a crash or a failure, and so on. */
  readonly attempt: number;
  readonly isCatchUp: boolean;
  /** Records that the inputs brought into this batch. */
  readonly records: number;
}

/** What a program does with a stream in the end; the only thing that makes a batch run. They run in the order of registration, one at a time. */
export interface OutputOperation<T = unknown> {
  readonly step: Step;
  readonly node: DStreamNode<T>;
  /** What people see in events: `print`, `foreachRDD`. */
  readonly description: string;
  run(rdd: RddNode<T>, context: OutputContext): Promise<void>;
  close?(): Promise<void>;
}
