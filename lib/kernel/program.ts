import type { Clock } from './clock.ts';
import type { Duration } from './time.ts';

/** What a program's setup function is given: filled from the command's flags, the environment and the defaults, in that order. */
export interface ProgramEnv {
  /** Kafka bootstrap addresses, `['localhost:9092']` unless told otherwise. */
  readonly brokers: string[];
  /** Where state and offsets are kept. Without `--checkpoint` a temporary folder that goes with the process. */
  readonly checkpointDir: string;
  /** Length of one batch: `--interval`, 1 second unless told otherwise. */
  readonly batchInterval: Duration;
  /** What stands after `--` on the command line. */
  readonly args: readonly string[];
  readonly clock: Clock;
}
