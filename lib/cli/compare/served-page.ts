import { pairs } from '../../compare/pairs/index.ts';
import { defaultSettings } from '../../compare/settings.ts';
import { comparePage } from './html-page.ts';
import { defaultsOf } from './settings-flags.ts';

/** Gives the comparison page of the first pair, made when it is asked for first: bundling both engines takes a moment. */
export function servedComparePage(): () => Promise<string> {
  let made: Promise<string> | undefined;
  return async () => {
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}

async function make(): Promise<string> {
  const [pair] = pairs;
  return await comparePage({
    pair: pair?.name ?? '',
    settings: pair === undefined ? defaultSettings : defaultsOf(pair),
  });
}
