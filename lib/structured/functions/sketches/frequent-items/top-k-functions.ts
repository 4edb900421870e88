import { raise } from '../../../../kernel/errors.ts';
import type { TypedExpression } from '../../../expressions/typed-expression.ts';
import type { InternalValue } from '../../../types/data-type.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../../define-function.ts';
import { takes } from '../../signatures.ts';
import { approxTopKCombine } from './combine.ts';
import { CountedItems, type CountedType } from './counted-items.ts';
import {
  countsType,
  itemDdl,
  itemTypeOf,
  kOf,
  requireCounted,
  requireEnough,
  requireNumbers,
  requireTracked,
  stateType,
  trackedOf,
} from './top-k-parameters.ts';

/** Buffer: the items with their counts. `show` gets what Spark has after it merged the parts, of which there is one here. */
function counting(
  type: CountedType,
  maxItemsTracked: number,
  show: (items: CountedItems) => InternalValue,
): AggregateFunction {
  const of = (value: InternalValue | undefined): CountedItems => CountedItems.fromValue(type, value ?? null);
  return {
    size: 1,
    initial: () => [CountedItems.of(type, maxItemsTracked).toValue()],
    update(buffer, at, value) {
      const items = of(buffer[at]);
      items.update(value ?? null);
      buffer[at] = items.toValue();
    },
    merge(buffer, at, other, otherAt) {
      const items = of(buffer[at]);
      items.merge(of(other[otherAt]));
      buffer[at] = items.toValue();
    },
    result(buffer, at) {
      const merged = CountedItems.of(type, maxItemsTracked);
      merged.merge(of(buffer[at]).copy());
      return show(merged);
    },
  };
}

function itemOf({ args }: Pick<BindSite, 'args'>): TypedExpression {
  return args[0] as TypedExpression;
}

const approxTopK: FunctionDefinition = {
  name: 'approx_top_k',
  group: 'aggregate',
  summary: 'The most frequent values with how often each came: exact while there are no more than maxItemsTracked.',
  usage: 'approx_top_k(expr[, k[, maxItemsTracked]])',
  examples: [['approx_top_k(x, 2) FROM VALUES 0, 0, 1, 1, 2, 0', '[{0, 3}, {1, 2}]']],
  resolve(args, site) {
    const signature = takes('approx_top_k', ['any', 'int?', 'int?'], 'void')(args, site);
    const { type } = itemOf({ args });
    requireCounted('approx_top_k', type);
    requireNumbers('approx_top_k', args);
    return { ...signature, type: countsType(type), nullable: false };
  },
  body: {
    kind: 'aggregate',
    bind(site) {
      const k = kOf('approx_top_k', site.args);
      const tracked = trackedOf('approx_top_k', site.args, 2);
      requireEnough(tracked, k);
      const type = requireCounted('approx_top_k', itemOf(site).type);
      return counting(type, tracked, (items) => items.top(k));
    },
  },
};

const accumulate = 'approx_top_k_accumulate';

const approxTopKAccumulate: FunctionDefinition = {
  name: accumulate,
  group: 'aggregate',
  summary: 'A sketch of how often values come, for approx_top_k_combine and approx_top_k_estimate.',
  usage: `${accumulate}(expr[, maxItemsTracked])`,
  examples: [
    [
      `approx_top_k_estimate(${accumulate}(x), 2) FROM VALUES 'a', 'b', 'c', 'c', 'c', 'c', 'd', 'd'`,
      '[{c, 4}, {d, 2}]',
    ],
  ],
  resolve(args, site) {
    const signature = takes(accumulate, ['any', 'int?'], 'void')(args, site);
    const { type } = itemOf({ args });
    requireCounted(accumulate, type);
    requireNumbers(accumulate, args);
    return { ...signature, type: stateType(type), nullable: false };
  },
  body: {
    kind: 'aggregate',
    bind(site) {
      const tracked = trackedOf(accumulate, site.args, 1);
      const { type } = itemOf(site);
      const ddl = itemDdl(type);
      return counting(requireCounted(accumulate, type), tracked, (items) => [items.toBytes(), tracked, null, ddl]);
    },
  },
};

const estimate = 'approx_top_k_estimate';

const approxTopKEstimate: FunctionDefinition = {
  name: estimate,
  group: 'misc',
  summary: 'The most frequent values of a sketch with how often each came.',
  usage: `${estimate}(state[, k])`,
  examples: [
    [
      `${estimate}(approx_top_k_accumulate(x)) FROM VALUES 0, 0, 1, 1, 2, 3, 4, 4`,
      '[{0, 2}, {4, 2}, {1, 2}, {2, 1}, {3, 1}]',
    ],
  ],
  resolve(args, site) {
    const signature = takes(estimate, ['any', 'int?'], 'void')(args, site);
    const item = itemTypeOf(estimate, args[0]);
    requireNumbers(estimate, args);
    return { ...signature, type: countsType(item), nullable: args[0]?.nullable === true };
  },
  body: {
    kind: 'scalar',
    bind({ args }) {
      const k = kOf(estimate, args);
      const type = requireCounted(estimate, itemTypeOf(estimate, args[0]));
      return {
        evaluate([bytes, tracked]: readonly [Uint8Array, number]) {
          requireEnough(requireTracked(tracked), k);
          const items = CountedItems.read(type, bytes);
          return (items ?? raise('QUERY_TOP_K_SKETCH', { function: estimate })).top(k);
        },
      };
    },
  },
};

/** The most frequent values, by sketches of Apache DataSketches. */
export const topKFunctions: readonly FunctionDefinition[] = [
  approxTopK,
  approxTopKAccumulate,
  approxTopKCombine,
  approxTopKEstimate,
];
