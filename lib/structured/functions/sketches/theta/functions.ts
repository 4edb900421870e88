import { raise } from '../../../../kernel/errors.ts';
import type { InternalValue, Long } from '../../../types/data-type.ts';
import { atomic } from '../../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../../define-function.ts';
import { scalarsOf } from '../../scalar.ts';
import { takes } from '../../signatures.ts';
import { constantSize } from '../constant-size.ts';
import { rounded } from '../rounded.ts';
import { sketchHashOf } from '../sketched-values.ts';
import { readTheta, type ThetaSource, writeTheta } from './compact-image.ts';
import { ThetaTable } from './hash-table.ts';
import { difference, intersection, type ThetaSketch, thetaEstimate } from './hashes.ts';

const usualLgNominal = 12;
const [leastLgNominal, greatestLgNominal] = [4, 26];

function invalid(name: string): never {
  return raise('THETA_INVALID_INPUT_SKETCH_BUFFER', { function: name });
}

function sourceOf(name: string, bytes: Uint8Array): ThetaSource {
  return readTheta(bytes) ?? invalid(name);
}

/** A sketch to be joined with others. */
function sketchOf(name: string, bytes: Uint8Array): ThetaSketch {
  const source = sourceOf(name, bytes);
  return source.isEmpty || source.hasOurSeed ? source : invalid(name);
}

function checked(name: string, lgNominal: number): number {
  if (lgNominal >= leastLgNominal && lgNominal <= greatestLgNominal) return lgNominal;
  return raise('THETA_INVALID_LG_NOM_ENTRIES', {
    function: name,
    min: leastLgNominal,
    max: greatestLgNominal,
    value: lgNominal,
  });
}

function lgNominalOf(name: string, { args }: BindSite): number {
  const given = constantSize(args[1], usualLgNominal);
  return checked(name, given ?? raise('THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT', { function: name }));
}

/** Buffer: the table of hashes, changed in place. */
function tables(lgNominal: number): Omit<AggregateFunction, 'update'> {
  return {
    size: 1,
    initial: () => [ThetaTable.empty(lgNominal).bytes],
    merge(buffer, at, other, otherAt) {
      const more = new ThetaTable(other[otherAt] as Uint8Array).sketch();
      buffer[at] = new ThetaTable(buffer[at] as Uint8Array).unite(more).bytes;
    },
    result: (buffer, at) => writeTheta(new ThetaTable(buffer[at] as Uint8Array).sketch()),
  };
}

function sketchAgg(site: BindSite): AggregateFunction {
  const hashOf = sketchHashOf(site.args[0]?.type ?? atomic('void'));
  return {
    ...tables(lgNominalOf('theta_sketch_agg', site)),
    update(buffer, at, value) {
      const hash = hashOf(value);
      if (hash === undefined) return;
      const [low, high] = [hash[0] as number, hash[1] as number];
      // Without the lowest bit a hash is never negative.
      buffer[at] = new ThetaTable(buffer[at] as Uint8Array).add((low >>> 1) | (high << 31), high >>> 1).bytes;
    },
  };
}

function unionAgg(site: BindSite): AggregateFunction {
  const name = 'theta_union_agg';
  return {
    ...tables(lgNominalOf(name, site)),
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      const sketch = sketchOf(name, value as Uint8Array);
      buffer[at] = new ThetaTable(buffer[at] as Uint8Array).unite(sketch).bytes;
    },
  };
}

/** Buffer: the compact sketch of the intersection; null before the first, which stands for everything. */
const intersectionAgg: AggregateFunction = {
  size: 1,
  initial: () => [null],
  update: intersectWith,
  merge(buffer, at, other, otherAt) {
    intersectWith(buffer, at, other[otherAt]);
  },
  result: (buffer, at) => (buffer[at] as Uint8Array | null) ?? raise('QUERY_THETA_INTERSECTION_OF_NONE', {}),
};

function intersectWith(buffer: InternalValue[], at: number, value: InternalValue | undefined): void {
  if (value === null || value === undefined) return;
  const name = 'theta_intersection_agg';
  const sketch = sketchOf(name, value as Uint8Array);
  const held = buffer[at] as Uint8Array | null;
  buffer[at] = writeTheta(held === null ? sketch : intersection(sketchOf(name, held), sketch));
}

function union(first: Uint8Array, second: Uint8Array, lgNominal = usualLgNominal): Uint8Array {
  const name = 'theta_union';
  const table = ThetaTable.empty(checked(name, lgNominal));
  return writeTheta(table.unite(sketchOf(name, first)).unite(sketchOf(name, second)).sketch());
}

function joined(name: string, join: (a: ThetaSketch, b: ThetaSketch) => ThetaSketch) {
  return (first: Uint8Array, second: Uint8Array): Uint8Array =>
    writeTheta(join(sketchOf(name, first), sketchOf(name, second)));
}

function estimate(bytes: Uint8Array): Long {
  return rounded(thetaEstimate(sourceOf('theta_sketch_estimate', bytes)));
}

const define = scalarsOf('misc');
const twoSketches = '(SELECT theta_sketch_agg(x) AS a, theta_sketch_agg(x + 1) AS b FROM VALUES 1, 2, 3 AS t(x))';
const twoRows = '(SELECT theta_sketch_agg(x) AS a FROM VALUES (1, 1), (1, 2), (2, 2), (2, 3) AS t(g, x) GROUP BY g)';

export const thetaScalars: readonly FunctionDefinition[] = [
  define(
    'theta_sketch_estimate',
    ['exactBinary'],
    'bigint',
    {
      summary: 'How many distinct values a sketch of `theta_sketch_agg` has seen, about.',
      usage: 'theta_sketch_estimate(expr)',
      examples: [["theta_sketch_estimate(X'01030300003ACC9315F97DCBBD86A105')", '1']],
    },
    estimate,
  ),
  define(
    'theta_union',
    ['exactBinary', 'exactBinary', 'exactInt?'],
    'binary',
    {
      summary:
        'The sketch of what one of two sketches of `theta_sketch_agg` has seen, with up to `2 ** lgNomEntries` hashes (12).',
      usage: 'theta_union(first, second[, lgNomEntries])',
      examples: [[`SELECT theta_sketch_estimate(theta_union(a, b)) FROM ${twoSketches}`, '4']],
    },
    union,
  ),
  define(
    'theta_intersection',
    ['exactBinary', 'exactBinary'],
    'binary',
    {
      summary: 'The sketch of what two sketches of `theta_sketch_agg` have both seen.',
      usage: 'theta_intersection(first, second)',
      examples: [[`SELECT theta_sketch_estimate(theta_intersection(a, b)) FROM ${twoSketches}`, '2']],
    },
    joined('theta_intersection', intersection),
  ),
  define(
    'theta_difference',
    ['exactBinary', 'exactBinary'],
    'binary',
    {
      summary: 'The sketch of what the first of two sketches of `theta_sketch_agg` has seen and the second has not.',
      usage: 'theta_difference(first, second)',
      examples: [[`SELECT theta_sketch_estimate(theta_difference(a, b)) FROM ${twoSketches}`, '1']],
    },
    joined('theta_difference', difference),
  ),
];

export const thetaAggregates: readonly FunctionDefinition[] = [
  {
    name: 'theta_sketch_agg',
    group: 'aggregate',
    summary:
      'A theta sketch of the distinct values, with up to `2 ** lgNomEntries` hashes (12), in the binary form of Apache DataSketches.',
    usage: 'theta_sketch_agg(expr[, lgNomEntries])',
    examples: [['theta_sketch_estimate(theta_sketch_agg(x)) FROM VALUES 1, 1, 2, 2, 3', '3']],
    resolve: takes('theta_sketch_agg', ['thetaItem', 'exactInt?'], 'binary', { nullable: false }),
    body: { kind: 'aggregate', bind: sketchAgg },
  },
  {
    name: 'theta_union_agg',
    group: 'aggregate',
    summary:
      'The sketch of what one of the sketches of `theta_sketch_agg` has seen, with up to `2 ** lgNomEntries` hashes (12).',
    usage: 'theta_union_agg(expr[, lgNomEntries])',
    examples: [[`SELECT theta_sketch_estimate(theta_union_agg(a)) FROM ${twoRows}`, '3']],
    resolve: takes('theta_union_agg', ['exactBinary', 'exactInt?'], 'binary', { nullable: false }),
    body: { kind: 'aggregate', bind: unionAgg },
  },
  {
    name: 'theta_intersection_agg',
    group: 'aggregate',
    summary: 'The sketch of what all sketches of `theta_sketch_agg` have seen.',
    usage: 'theta_intersection_agg(expr)',
    examples: [[`SELECT theta_sketch_estimate(theta_intersection_agg(a)) FROM ${twoRows}`, '1']],
    resolve: takes('theta_intersection_agg', ['exactBinary'], 'binary', { nullable: false }),
    body: { kind: 'aggregate', bind: () => intersectionAgg },
  },
];
