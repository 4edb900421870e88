import type { Pair } from '../pair.ts';
import { dedup } from './dedup.ts';
import { join } from './join.ts';
import { runningTotal } from './running-total.ts';
import { session } from './session.ts';
import { sliding } from './sliding.ts';
import { topK } from './top-k.ts';
import { tumbling } from './tumbling.ts';

/** The pairs that a comparison can be asked for by name. A new one is one file in this folder and one row here. */
export const pairs: readonly Pair[] = [tumbling, sliding, session, runningTotal, topK, join, dedup].map(
  (pair) => pair as Pair,
);
