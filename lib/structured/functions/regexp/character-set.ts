const tests = new Map<string, (code: number) => boolean>();

/** Whether a character is in a class of JavaScript: looked up for those below 256, asked once for any other. */
export function setTest(source: string): (code: number) => boolean {
  const known = tests.get(source);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${source}$`, 'v');
  const low = Array.from({ length: 256 }, (_, code) => pattern.test(String.fromCodePoint(code)));
  const high = new Map<number, boolean>();
  const test = (code: number): boolean => {
    if (code < 256) return low[code] === true;
    const found = high.get(code);
    if (found !== undefined) return found;
    const has = pattern.test(String.fromCodePoint(code));
    if (high.size < 10_000) high.set(code, has);
    return has;
  };
  if (tests.size >= 1000) tests.clear();
  tests.set(source, test);
  return test;
}

/** A class by samples: all characters below 256, and some of each kind above. */
export type SampledSet = readonly boolean[];

const samples: readonly number[] = Array.from({ length: 256 }, (_, code) => code).concat([
  0x100, 0x101, 0x3b1, 0x416, 0x5d0, 0x661, 0x2003, 0x20ac, 0x4e00, 0x1f600, 0x10ffff,
]);

export const emptySet: SampledSet = samples.map(() => false);
export const fullSet: SampledSet = samples.map(() => true);

export function sampledSet(source: string): SampledSet {
  const has = setTest(source);
  return samples.map(has);
}

export function union(a: SampledSet, b: SampledSet): SampledSet {
  return a.map((has, i) => has || b[i] === true);
}

export function overlaps(a: SampledSet, b: SampledSet): boolean {
  return a.some((has, i) => has && b[i] === true);
}
