import { raise } from '../../../../kernel/errors.ts';
import type { DataType, InternalValue } from '../../../types/data-type.ts';
import { sqlTypeText } from '../../../types/type-text.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../../define-function.ts';
import { takes } from '../../signatures.ts';
import { CountedItems } from './counted-items.ts';
import {
  itemDdl,
  itemTypeOf,
  MAX_ITEMS_TRACKED_LIMIT,
  requireCounted,
  requireNumbers,
  stateType,
  trackedOf,
  typeOfDdl,
} from './top-k-parameters.ts';

const name = 'approx_top_k_combine';

/** Buffer: the items, how many are tracked, and the type of the items as text; nulls until there is a sketch. */
function combining(site: BindSite): AggregateFunction {
  const isGiven = site.args.length > 1;
  const given = trackedOf(name, site.args, 1);
  const room = isGiven ? given : MAX_ITEMS_TRACKED_LIMIT;
  const types = new Map<InternalValue, DataType>();
  const typeOf = (ddl: InternalValue): DataType => {
    const type = types.get(ddl) ?? typeOfDdl(ddl);
    types.set(ddl, type);
    return type;
  };
  const put = (
    buffer: InternalValue[],
    at: number,
    items: CountedItems,
    tracked: InternalValue,
    ddl: InternalValue,
  ): void => {
    const [mine = null, size = null, text = null] = buffer.slice(at, at + 3);
    const type = typeOf(ddl);
    if (!isGiven && size !== null && size !== tracked) {
      raise('APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH', { size1: size as number, size2: tracked as number });
    }
    const [before, now] = [sqlTypeText(text === null ? type : typeOf(text)), sqlTypeText(type)];
    if (before !== now) raise('APPROX_TOP_K_SKETCH_TYPE_NOT_MATCH', { type1: before, type2: now });
    const counted = requireCounted(name, type);
    const sum = mine === null ? CountedItems.of(counted, room) : CountedItems.fromValue(counted, mine);
    sum.merge(items);
    buffer.splice(at, 3, sum.toValue(), isGiven ? given : tracked, ddl);
  };
  return {
    size: 3,
    initial: () => [null, null, null],
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      const [bytes, tracked, , ddl] = value as readonly [Uint8Array, number, null, string];
      const items = CountedItems.read(requireCounted(name, typeOf(ddl)), bytes);
      put(buffer, at, items ?? raise('QUERY_TOP_K_SKETCH', { function: name }), tracked, ddl);
    },
    merge(buffer, at, other, otherAt) {
      const [value = null, tracked = null, ddl = null] = other.slice(otherAt, otherAt + 3);
      if (value === null) return;
      put(buffer, at, CountedItems.fromValue(requireCounted(name, typeOf(ddl)), value), tracked, ddl);
    },
    result(buffer, at) {
      const [value = null, tracked = null, ddl = null] = buffer.slice(at, at + 3);
      const type = ddl === null ? itemTypeOf(name, site.args[0]) : typeOf(ddl);
      const counted = requireCounted(name, type);
      const sum = CountedItems.of(counted, room);
      if (value !== null) sum.merge(CountedItems.fromValue(counted, value).copy());
      return [sum.toBytes(), tracked ?? given, null, itemDdl(type)];
    },
  };
}

export const approxTopKCombine: FunctionDefinition = {
  name,
  group: 'aggregate',
  summary: 'Sketches of approx_top_k_accumulate as one; without maxItemsTracked all must have the same.',
  usage: `${name}(state[, maxItemsTracked])`,
  examples: [
    [
      `SELECT approx_top_k_estimate(${name}(s), 2) AS top FROM (SELECT approx_top_k_accumulate(x) AS s FROM VALUES 1, 2, 1, 3, 1, 2 AS t(x) GROUP BY x % 2)`,
      '[{1, 3}, {2, 2}]',
    ],
  ],
  resolve(args, site) {
    const signature = takes(name, ['any', 'int?'], 'void')(args, site);
    const item = itemTypeOf(name, args[0]);
    requireNumbers(name, args);
    return { ...signature, type: stateType(item), nullable: false };
  },
  body: { kind: 'aggregate', bind: combining },
};
