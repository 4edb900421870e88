import { findPair } from '../../compare/pairs/find-pair.ts';
import { comparePage } from './html-page.ts';
import { defaultsOf } from './settings-flags.ts';

/** Where the page begins unless the address names a pair. */
const first = 'tumbling';

/** Gives the comparison page that begins with a pair, made when it is asked for first: bundling both engines takes a moment. */
export function servedComparePage(): (pair: string | null) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  return async (name) => {
    const pair = findPair(name ?? first);
    const page = made.get(pair.name) ?? comparePage({ pair: pair.name, settings: defaultsOf(pair) });
    made.set(pair.name, page);
    try {
      return await page;
    } catch (error) {
      made.delete(pair.name);
      throw error;
    }
  };
}
