import { registerCheckpointFactory } from './batch/checkpoint.ts';
import { armFaultFromEnvironment } from './node/fault.ts';
export { MillraceError, type ErrorWhere } from './kernel/errors.ts';
export type { ErrorCode } from './kernel/error-catalogue.ts';
export { milliseconds, minutes, seconds, type Duration, type Time } from './kernel/time.ts';
export { type Clock, SystemClock } from './kernel/clock.ts';
export { ManualClock } from './kernel/manual-clock.ts';

// The native store is loaded when the first checkpoint is opened, not before.
registerCheckpointFactory(async (directory, options) => {
  const { openCheckpoint } = await import('./lmdb/open-checkpoint.ts');
  return await openCheckpoint(directory, options);
});
armFaultFromEnvironment();
