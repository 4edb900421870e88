import { readFileSync } from 'node:fs';

const known = JSON.parse(readFileSync(new URL('checks.json', import.meta.url), 'utf8'));

/**
 * What runs on topics of a scale must give, and `scaled(n)`: how much of `n` at scale 1 there is.
 *
 * The values are those of the generator (`java Gen check SCALE`), not of a run.
 */
export function atScale(scale) {
  const values = known.find((entry) => entry.scale === scale);
  if (values === undefined) throw new Error(`the scale is one of ${known.map((entry) => entry.scale).join(', ')}`);
  return { ...values, scaled: (count) => Math.trunc(count * scale) };
}

/** Topics of another scale have names of their own. */
export function prefixAt(prefix, scale) {
  return scale === 1 ? prefix : `${prefix}${scale}-`;
}

/** Words in the window of ten slides after each of the forty slides. */
export function windowWords({ slideWords }) {
  return slideWords.map((_, i) => slideWords.slice(Math.max(0, i - 9), i + 1).reduce((sum, words) => sum + words, 0));
}
