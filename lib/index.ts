export { MillraceError, type ErrorWhere } from './kernel/errors.ts';
export type { ErrorCode } from './kernel/error-catalogue.ts';
export { milliseconds, minutes, seconds, type Duration, type Time } from './kernel/time.ts';
export { type Clock, SystemClock } from './kernel/clock.ts';
export { ManualClock } from './kernel/manual-clock.ts';
