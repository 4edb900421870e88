import type { Time } from '../kernel/time.ts';
import type { SparkContext } from './spark-context.ts';

/** What RDDs that are made from each other share. A batch has its own, so that errors name the step and the batch. */
export interface RddContext {
  readonly sparkContext: SparkContext;
  /** The stream's step whose function made the RDD, named in errors before the RDD's method. */
  readonly operator: string | undefined;
  readonly batchTime: Time | undefined;
}
