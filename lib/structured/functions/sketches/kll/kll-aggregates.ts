import { raise } from '../../../../kernel/errors.ts';
import type { InternalValue, Long } from '../../../types/data-type.ts';
import { atomic } from '../../../types/type-classes.ts';
import type { AggregateFunction, FunctionDefinition } from '../../define-function.ts';
import { takes, unexpected } from '../../signatures.ts';
import type { ItemKind } from './item-kind.ts';
import { kllBytes, readKll } from './kll-bytes.ts';
import { checkK, kOf } from './kll-parameters.ts';
import { KllSketch } from './kll-sketch.ts';

/** Buffer: a sketch, or null where its k is that of the first sketch to come. What is given keeps its lists. */
function absorb(kind: ItemKind, buffer: InternalValue[], at: number, given: KllSketch): void {
  const mine = buffer[at] ?? null;
  const sketch = mine === null ? KllSketch.of(kind, given.k) : KllSketch.fromValue(kind, mine);
  sketch.merge(given);
  buffer[at] = sketch.toValue();
}

function merging(kind: ItemKind): Pick<AggregateFunction, 'size' | 'merge'> {
  return {
    size: 1,
    merge(buffer, at, other, otherAt) {
      const given = other[otherAt] ?? null;
      if (given !== null) absorb(kind, buffer, at, KllSketch.fromValue(kind, given));
    },
  };
}

/** Spark merges what the partitions made into a sketch without items, which turns the order of level 0 around. */
function mergedBytes(kind: ItemKind, k: number, value: InternalValue): Uint8Array {
  const sketch = KllSketch.of(kind, k);
  sketch.merge(KllSketch.fromValue(kind, value));
  return kllBytes(sketch);
}

interface Sketched {
  readonly suffix: string;
  readonly kind: ItemKind;
  /** What is taken as it is; nothing is cast to it. */
  readonly takes: readonly string[];
  readonly itemType: 'bigint' | 'float' | 'double';
  readonly values: string;
}

export function kllSketchAgg({ suffix, kind, takes: taken, itemType, values }: Sketched): FunctionDefinition {
  const name = `kll_sketch_agg_${suffix}`;
  return {
    name,
    group: 'aggregate',
    summary: 'A KLL sketch of the values: their quantiles and ranks, near enough, in little room; k says how near.',
    usage: `${name}(expr[, k])`,
    examples: [
      [`kll_sketch_get_quantile_${suffix}(${name}(x), 0.5) FROM VALUES ${values}`, suffix === 'bigint' ? '3' : '3.0'],
    ],
    resolve(args, site) {
      const signature = takes(name, ['any', 'any?'], 'binary', { nullable: false })(args, site);
      const [value] = args;
      if (value !== undefined && !taken.includes(value.type.kind) && value.type.kind !== 'void') {
        unexpected(name, 0, value, taken.join(' or ').toUpperCase());
      }
      checkK(name, args);
      return { ...signature, args: [atomic(itemType), ...signature.args.slice(1)] };
    },
    body: {
      kind: 'aggregate',
      bind({ args }) {
        const k = kOf(name, args);
        return {
          ...merging(kind),
          initial: () => [KllSketch.of(kind, k).toValue()],
          update(buffer, at, value) {
            if (value === null || value === undefined) return;
            const sketch = KllSketch.fromValue(kind, buffer[at] ?? null);
            sketch.update(value as Long);
            buffer[at] = sketch.toValue();
          },
          result: (buffer, at) => mergedBytes(kind, k, buffer[at] ?? null),
        };
      },
    },
  };
}

export function kllMergeAgg({ suffix, kind, values }: Sketched): FunctionDefinition {
  const name = `kll_merge_agg_${suffix}`;
  return {
    name,
    group: 'aggregate',
    summary: 'KLL sketches as one sketch; without k it has that of the first.',
    usage: `${name}(expr[, k])`,
    examples: [
      [
        `SELECT kll_sketch_get_n_${suffix}(${name}(s)) AS n FROM (SELECT kll_sketch_agg_${suffix}(x) AS s FROM VALUES ${values} AS t(x) GROUP BY x)`,
        '5',
      ],
    ],
    resolve(args, site) {
      const signature = takes(name, ['any', 'any?'], 'binary', { nullable: false })(args, site);
      const [sketch] = args;
      if (sketch !== undefined && sketch.type.kind !== 'binary' && sketch.type.kind !== 'void') {
        unexpected(name, 0, sketch, 'BINARY');
      }
      checkK(name, args);
      return { ...signature, args: [atomic('binary'), ...signature.args.slice(1)] };
    },
    body: {
      kind: 'aggregate',
      bind({ args }) {
        const k = kOf(name, args);
        const isGiven = args.length > 1;
        return {
          ...merging(kind),
          initial: () => [isGiven ? KllSketch.of(kind, k).toValue() : null],
          update(buffer, at, value) {
            if (value === null || value === undefined) return;
            const given = readKll(kind, value as Uint8Array);
            absorb(kind, buffer, at, given ?? raise('KLL_INVALID_INPUT_SKETCH_BUFFER', { function: name }));
          },
          result(buffer, at) {
            const value = buffer[at] ?? null;
            if (value === null) return kllBytes(KllSketch.of(kind, k));
            return isGiven ? mergedBytes(kind, k, value) : kllBytes(KllSketch.fromValue(kind, value));
          },
        };
      },
    },
  };
}
