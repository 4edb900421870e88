/** The value at `x` of the cubic curve through the four known points around it. `xs` ascends; `x` is not outside of it. */
export function interpolate(xs: readonly number[], yAt: (index: number) => number, x: number): number {
  const last = xs.length - 1;
  if (x === xs[last]) return yAt(last);
  const below = placeOf(xs, x);
  const from = Math.min(Math.max(below - 1, 0), last - 3);
  const points = [from, from + 1, from + 2, from + 3].map((i) => ({ x: xs[i] as number, y: yAt(i) }));
  return lagrange(points as [Point, Point, Point, Point], x);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The last index whose x is not above. */
function placeOf(xs: readonly number[], x: number): number {
  let from = 0;
  let until = xs.length - 1;
  while (from + 1 < until) {
    const middle = Math.floor((from + until) / 2);
    if ((xs[middle] as number) <= x) from = middle;
    else until = middle;
  }
  return from;
}

/** Multiplied and added in the order of DataSketches: the last digit depends on it. */
function lagrange([p0, p1, p2, p3]: readonly [Point, Point, Point, Point], x: number): number {
  const term = (p: Point, a: Point, b: Point, c: Point): number =>
    (p.y * ((x - a.x) * (x - b.x) * (x - c.x))) / ((p.x - a.x) * (p.x - b.x) * (p.x - c.x));
  return term(p0, p1, p2, p3) + term(p1, p0, p2, p3) + term(p2, p0, p1, p3) + term(p3, p0, p1, p2);
}
