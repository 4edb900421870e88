import { raise } from '../../../../kernel/errors.ts';
import type { InternalValue } from '../../../types/data-type.ts';
import { atomic } from '../../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../../define-function.ts';
import { scalarsOf } from '../../scalar.ts';
import { constantOf, takes } from '../../signatures.ts';
import { constantSize } from '../constant-size.ts';
import { rounded } from '../rounded.ts';
import { sketchHashOf } from '../sketched-values.ts';
import { addCoupon, couponOf } from './add-coupon.ts';
import { hllEstimate } from './estimate.ts';
import { Flag, HllImage } from './image.ts';
import { type HllSource, readHll } from './read-image.ts';
import { refresh, unite } from './union.ts';

const usualLgK = 12;
const [leastLgK, greatestLgK] = [4, 21];

const hasLgK = (lgK: number): boolean => lgK >= leastLgK && lgK <= greatestLgK;

function invalid(name: string): never {
  return raise('HLL_INVALID_INPUT_SKETCH_BUFFER', { function: name });
}

function sourceOf(name: string, bytes: Uint8Array): HllSource {
  return readHll(bytes) ?? invalid(name);
}

/** A sketch as an object of its own: what is stale in it is mended. */
function sketchOf(name: string, bytes: Uint8Array): HllSource {
  const source = sourceOf(name, bytes);
  refresh(source.image);
  return source;
}

function requireSameLgK(name: string, left: number, right: number): void {
  if (left !== right) raise('HLL_UNION_DIFFERENT_LG_K', { left, right, function: name });
}

/** Buffer: the image of the sketch, changed in place. */
function sketchAgg({ args }: BindSite): AggregateFunction {
  const name = 'hll_sketch_agg';
  const lgK = constantSize(args[1], usualLgK) ?? raise('HLL_K_MUST_BE_CONSTANT', { function: name });
  if (!hasLgK(lgK)) raise('HLL_INVALID_LG_K', { function: name, min: leastLgK, max: greatestLgK, value: lgK });
  const hashOf = sketchHashOf(args[0]?.type ?? atomic('void'));
  return {
    size: 1,
    initial: () => [HllImage.list(lgK).bytes],
    update(buffer, at, value) {
      const hash = hashOf(value);
      if (hash !== undefined) buffer[at] = addCoupon(imageIn(buffer, at), couponOf(hash)).bytes;
    },
    merge(buffer, at, other, otherAt) {
      const source = sketchOf(name, other[otherAt] as Uint8Array);
      buffer[at] = refresh(unite(imageIn(buffer, at), source, false)).bytes;
    },
    result: (buffer, at) => (buffer[at] as Uint8Array).slice(),
  };
}

/** Buffer: the image of the union; null before the first sketch, whose `lgK` it has. */
function unionAgg({ args }: BindSite): AggregateFunction {
  const name = 'hll_union_agg';
  const isMixed = constantOf(name, args, 1) === true;
  const take = (buffer: InternalValue[], at: number, source: HllSource, wrapped: boolean): void => {
    const { lgK } = source.image;
    const into = buffer[at] === null ? HllImage.list(lgK) : imageIn(buffer, at);
    if (!isMixed) requireSameLgK(name, into.lgK, lgK);
    buffer[at] = unite(into, source, wrapped).bytes;
  };
  return {
    size: 1,
    initial: () => [null],
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      const source = sourceOf(name, value as Uint8Array);
      if (!hasLgK(source.image.lgK) || source.image.has(Flag.isStale)) invalid(name);
      take(buffer, at, source, true);
    },
    merge(buffer, at, other, otherAt) {
      const more = other[otherAt];
      if (more === null) return;
      take(buffer, at, sketchOf(name, more as Uint8Array), false);
      refresh(imageIn(buffer, at));
    },
    result(buffer, at) {
      if (buffer[at] === null) return HllImage.list(usualLgK).bytes;
      return refresh(imageIn(buffer, at)).bytes.slice();
    },
  };
}

function imageIn(buffer: readonly InternalValue[], at: number): HllImage {
  return new HllImage(buffer[at] as Uint8Array);
}

function union(first: Uint8Array, second: Uint8Array, isMixed = false): Uint8Array {
  const name = 'hll_union';
  const [left, right] = [sketchOf(name, first), sketchOf(name, second)];
  if (!isMixed) requireSameLgK(name, left.image.lgK, right.image.lgK);
  const lgK = Math.min(left.image.lgK, right.image.lgK);
  if (!hasLgK(lgK)) invalid(name);
  return refresh([left, right].reduce((into, source) => unite(into, source, false), HllImage.list(lgK))).bytes;
}

const define = scalarsOf('misc');
const twoSketches = '(SELECT hll_sketch_agg(x) AS a, hll_sketch_agg(x + 1) AS b FROM VALUES 1, 2, 3 AS t(x))';

export const hllScalars: readonly FunctionDefinition[] = [
  define(
    'hll_sketch_estimate',
    ['exactBinary'],
    'bigint',
    {
      summary: 'How many distinct values a sketch of `hll_sketch_agg` has seen, about.',
      usage: 'hll_sketch_estimate(expr)',
      examples: [
        [
          "hll_sketch_estimate(X'02010704030001082F823B0400000000000000000000000000000000000000000000000000000000')",
          '1',
        ],
      ],
    },
    (bytes: Uint8Array) => rounded(hllEstimate(sketchOf('hll_sketch_estimate', bytes).image)),
  ),
  define(
    'hll_union',
    ['exactBinary', 'exactBinary', 'exactBoolean?'],
    'binary',
    {
      summary:
        'The sketch of what two sketches of `hll_sketch_agg` have seen; of different `lgConfigK` only if that is allowed (false).',
      usage: 'hll_union(first, second[, allowDifferentLgConfigK])',
      examples: [[`SELECT hll_sketch_estimate(hll_union(a, b)) FROM ${twoSketches}`, '4']],
    },
    union,
  ),
];

export const hllAggregates: readonly FunctionDefinition[] = [
  {
    name: 'hll_sketch_agg',
    group: 'aggregate',
    summary:
      'A HyperLogLog sketch of the distinct values, with `2 ** lgConfigK` registers (12), in the binary form of Apache DataSketches.',
    usage: 'hll_sketch_agg(expr[, lgConfigK])',
    examples: [['hll_sketch_estimate(hll_sketch_agg(x)) FROM VALUES 1, 1, 2, 2, 3', '3']],
    resolve: takes('hll_sketch_agg', ['hllItem', 'exactInt?'], 'binary', { nullable: false }),
    body: { kind: 'aggregate', bind: sketchAgg },
  },
  {
    name: 'hll_union_agg',
    group: 'aggregate',
    summary:
      'The sketch of what all sketches of `hll_sketch_agg` have seen; of different `lgConfigK` only if that is allowed (false).',
    usage: 'hll_union_agg(expr[, allowDifferentLgConfigK])',
    examples: [[`SELECT hll_sketch_estimate(hll_union_agg(a)) FROM ${twoSketches}`, '3']],
    resolve: takes('hll_union_agg', ['exactBinary', 'exactBoolean?'], 'binary', { nullable: false }),
    body: { kind: 'aggregate', bind: unionAgg },
  },
];
