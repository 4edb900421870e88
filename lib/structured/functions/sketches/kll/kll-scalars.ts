import { raise } from '../../../../kernel/errors.ts';
import type { InternalValue, Long } from '../../../types/data-type.ts';
import type { FunctionDefinition } from '../../define-function.ts';
import { scalarsOf } from '../../scalar.ts';
import { takes } from '../../signatures.ts';
import type { ItemKind } from './item-kind.ts';
import { kllBytes, readKll } from './kll-bytes.ts';
import { oneOrMany } from './kll-parameters.ts';
import type { KllSketch } from './kll-sketch.ts';
import { kllText } from './kll-text.ts';
import { sortedView, type SortedView } from './kll-view.ts';

const define = scalarsOf('misc');

function invalid(name: string): never {
  return raise('KLL_INVALID_INPUT_SKETCH_BUFFER', { function: name });
}

function sketchIn(name: string, kind: ItemKind, bytes: Uint8Array): KllSketch {
  return readKll(kind, bytes) ?? invalid(name);
}

interface Described {
  readonly suffix: string;
  readonly kind: ItemKind;
  readonly itemType: 'bigint' | 'float' | 'double';
  /** Five values, 1 to 5. */
  readonly values: string;
}

/** What is told of a sketch as a whole. */
function wholeSketchFunctions({ suffix, kind, values }: Described): readonly FunctionDefinition[] {
  const sketch = `kll_sketch_agg_${suffix}(x)`;
  const [text, count, merge] = [
    `kll_sketch_to_string_${suffix}`,
    `kll_sketch_get_n_${suffix}`,
    `kll_sketch_merge_${suffix}`,
  ];
  return [
    define(
      text,
      ['binary'],
      'string',
      {
        summary: 'What a KLL sketch is, in words.',
        usage: `${text}(sketch)`,
        examples: [
          [
            `substring_index(${text}(${sketch}), '\\n', 3) LIKE '%${kind.sketchName} Summary%' FROM VALUES ${values}`,
            'true',
          ],
        ],
      },
      (bytes: Uint8Array) => kllText(sketchIn(text, kind, bytes)),
    ),
    define(
      count,
      ['binary'],
      'bigint',
      {
        summary: 'How many items a KLL sketch stands for.',
        usage: `${count}(sketch)`,
        examples: [[`${count}(${sketch}) FROM VALUES ${values}`, '5']],
      },
      (bytes: Uint8Array) => sketchIn(count, kind, bytes).n,
    ),
    define(
      merge,
      ['binary', 'binary'],
      'binary',
      {
        summary: 'Two KLL sketches as one, with the k of the first.',
        usage: `${merge}(first, second)`,
        examples: [[`${count}(${merge}(${sketch}, ${sketch})) FROM VALUES ${values}`, '10']],
      },
      (first: Uint8Array, second: Uint8Array) => {
        const sketchOfBoth = sketchIn(merge, kind, first);
        sketchOfBoth.merge(sketchIn(merge, kind, second));
        return kllBytes(sketchOfBoth);
      },
    ),
  ];
}

type LookUp = (view: SortedView, asked: Long) => InternalValue;

/** A function of a sketch and of one value or an array of them. */
function lookUpBody(name: string, kind: ItemKind, lookUp: LookUp): FunctionDefinition['body'] {
  return {
    kind: 'scalar',
    bind: () => ({
      evaluate(bytes: Uint8Array, asked: Long | readonly Long[]) {
        const view = sortedView(sketchIn(name, kind, bytes));
        const one = (each: Long): InternalValue => lookUp(view ?? invalid(name), each);
        return typeof asked === 'object' ? asked.map(one) : one(asked);
      },
    }),
  };
}

function quantileFunction({ suffix, kind, itemType, values }: Described): FunctionDefinition {
  const name = `kll_sketch_get_quantile_${suffix}`;
  const shown = suffix === 'bigint' ? '[1, 3, 5]' : '[1.0, 3.0, 5.0]';
  return {
    name,
    group: 'misc',
    summary:
      'The item of a KLL sketch up to which there is that part of all, 0.0 to 1.0; an array of items for an array.',
    usage: `${name}(sketch, rank)`,
    examples: [[`${name}(kll_sketch_agg_${suffix}(x), array(0.0, 0.5, 1.0)) FROM VALUES ${values}`, shown]],
    resolve(args, site) {
      takes(name, ['binary', 'any'], 'void')(args, site);
      return oneOrMany(name, args, 'double', itemType);
    },
    body: lookUpBody(name, kind, (view, rank) =>
      rank < 0 || rank > 1
        ? raise('KLL_SKETCH_INVALID_QUANTILE_RANGE', { function: name, rank: Number(rank) })
        : view.quantile(Number(rank)),
    ),
  };
}

function rankFunction({ suffix, kind, itemType, values }: Described): FunctionDefinition {
  const name = `kll_sketch_get_rank_${suffix}`;
  return {
    name,
    group: 'misc',
    summary: 'The part of the items of a KLL sketch that is not greater than a value; an array of parts for an array.',
    usage: `${name}(sketch, value)`,
    examples: [[`${name}(kll_sketch_agg_${suffix}(x), array(0, 3, 9)) FROM VALUES ${values}`, '[0.0, 0.6, 1.0]']],
    resolve(args, site) {
      takes(name, ['binary', 'any'], 'void')(args, site);
      return oneOrMany(name, args, itemType, 'double');
    },
    body: lookUpBody(name, kind, (view, item) => (Number.isNaN(item) ? invalid(name) : view.rank(item))),
  };
}

export function kllScalars(of: Described): readonly FunctionDefinition[] {
  return [...wholeSketchFunctions(of), quantileFunction(of), rankFunction(of)];
}
