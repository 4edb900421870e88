import type { Long } from './data-type.ts';
import { localText, floorDivide, floorModulo } from './timestamp.ts';

/**
 * A TIMESTAMP as rows show it: a Date that keeps its microseconds. Text and JSON have six digits when there are microseconds.
 *
 * @example
 * JSON.stringify(new Timestamp(1_704_067_205_123_456))   // => '"2024-01-01T00:00:05.123456Z"'
 */
export class Timestamp extends Date {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly epochMicros: Long;

  constructor(epochMicros: Long) {
    super(floorDivide(epochMicros, 1000));
    this.epochMicros = epochMicros;
  }

  override toISOString(): string {
    return `${isoLocal(this.epochMicros)}Z`;
  }

  override toJSON(): string {
    return this.toISOString();
  }
}

/** `2024-01-01T00:00:05.123`, with six digits when there are microseconds: a TIMESTAMP_NTZ as rows show it. */
export function isoLocal(micros: Long): string {
  const [seconds = ''] = localText(micros).split('.');
  const fraction = floorModulo(micros, 1_000_000);
  const digits = fraction % 1000 === 0 ? `${fraction / 1000}`.padStart(3, '0') : `${fraction}`.padStart(6, '0');
  return `${seconds.replace(' ', 'T')}.${digits}`;
}
