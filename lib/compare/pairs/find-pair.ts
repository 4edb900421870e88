import { raise } from '../../kernel/errors.ts';
import type { Pair } from '../pair.ts';
import { pairs } from './index.ts';

/** The pair of a name; one that there is not is refused with the names of all. */
export function findPair(name: string): Pair {
  const known = pairs.map((pair) => pair.name).join(', ');
  return pairs.find((pair) => pair.name === name) ?? raise('COMPARE_PAIR_UNKNOWN', { name, known });
}
