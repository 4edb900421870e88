/** Hashes of 63 bits in ascending order. */
export type Hashes = BigUint64Array;

/** The low and the high word of each hash by turns; the same memory. */
export function wordsOf(hashes: Hashes): Int32Array {
  return new Int32Array(hashes.buffer, hashes.byteOffset, 2 * hashes.length);
}

/** The bound of a sketch that has left nothing out. */
export const noBound = 2n ** 63n - 1n;

/** What a theta sketch says: it holds each hash below `theta` that it has seen. An empty one has seen none at all. */
export interface ThetaSketch {
  readonly isEmpty: boolean;
  readonly theta: bigint;
  readonly hashes: Hashes;
}

/** Having kept nothing without a bound is to be empty. */
export function thetaSketch(theta: bigint, hashes: Hashes): ThetaSketch {
  return { isEmpty: hashes.length === 0 && theta === noBound, theta, hashes };
}

export const emptySketch: ThetaSketch = thetaSketch(noBound, new BigUint64Array());

/** How many distinct values there were. */
export function thetaEstimate({ theta, hashes }: ThetaSketch): number {
  return hashes.length * (Number(noBound) / Number(theta));
}

/** What both have seen. */
export function intersection(a: ThetaSketch, b: ThetaSketch): ThetaSketch {
  if (a.isEmpty || b.isEmpty) return emptySketch;
  const theta = lesser(a.theta, b.theta);
  return thetaSketch(theta, chosen(a.hashes, b.hashes, theta, true));
}

/** What `a` has seen and `b` has not. */
export function difference(a: ThetaSketch, b: ThetaSketch): ThetaSketch {
  if (a.isEmpty || b.isEmpty) return a;
  const theta = lesser(a.theta, b.theta);
  return thetaSketch(theta, chosen(a.hashes, b.hashes, theta, false));
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The hashes under a bound that are among the others, or those that are not. */
function chosen(hashes: Hashes, others: Hashes, theta: bigint, areShared: boolean): Hashes {
  let at = 0;
  return hashes.filter((hash) => {
    while (at < others.length && (others[at] as bigint) < hash) at++;
    return hash < theta && (others[at] === hash) === areShared;
  });
}
