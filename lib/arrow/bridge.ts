import type { ArrowBridge } from '../structured/arrow-bridge.ts';
import { flechette } from './flechette.ts';
import { readArrow } from './read-arrow.ts';
import { arrowBytes } from './write-arrow.ts';

/** Values as they are: no number that is too small for them. */
const exact = { useBigInt: true, useDecimalInt: true } as const;

/** Apache Arrow by way of `@uwdata/flechette`, which is loaded when it is first needed. */
export const arrowBridge: ArrowBridge = {
  write: (schema, rows, timeZone) => arrowBytes(flechette(), schema, rows, timeZone),
  table: (bytes, options) => flechette().tableFromIPC(bytes, { ...exact, ...options }),
  read: (table) => readArrow(table instanceof Uint8Array ? flechette().tableFromIPC(table, exact) : table),
};
