import { raise } from '../../../kernel/errors.ts';
import type { InternalValue } from '../../types/data-type.ts';
import { arrayType, atomic, isAtomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { valueKey } from '../../types/value-key.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';

/** Buffer: the values and how often each came, in the order of their first appearance. Nulls count. */
function topK(site: BindSite): AggregateFunction {
  const keyOf = valueKey(site.args[0]?.type ?? atomic('void'));
  const limit = limitsOf(site).k;
  const places = new WeakMap<object, Map<unknown, number>>();
  const put = (buffer: InternalValue[], at: number, value: InternalValue, times: number): void => {
    const [values, counts] = [buffer[at] as InternalValue[], buffer[at + 1] as number[]];
    let known = places.get(values);
    if (known === undefined) {
      known = new Map(values.map((each, i) => [keyOf(each), i]));
      places.set(values, known);
    }
    const key = keyOf(value);
    const place = known.get(key);
    if (place !== undefined) {
      counts[place] = (counts[place] as number) + times;
      return;
    }
    known.set(key, values.length);
    values.push(value);
    counts.push(times);
  };
  return {
    size: 2,
    initial: () => [[], []],
    update: (buffer, at, value) => put(buffer, at, value ?? null, 1),
    merge(buffer, at, other, otherAt) {
      const counts = other[otherAt + 1] as number[];
      (other[otherAt] as InternalValue[]).forEach((value, i) => put(buffer, at, value, counts[i] as number));
    },
    result(buffer, at) {
      const counts = buffer[at + 1] as number[];
      return (buffer[at] as InternalValue[])
        .map((value, i): readonly [InternalValue, number] => [value, counts[i] as number])
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, limit);
    },
  };
}

function limitsOf({ args }: Pick<BindSite, 'args'>): { readonly k: number; readonly tracked: number } {
  const k = Number(constantOf('approx_top_k', args, 1) ?? 5);
  const tracked = Number(constantOf('approx_top_k', args, 2) ?? 10_000);
  if (!(k > 0)) raise('APPROX_TOP_K_NON_POSITIVE_ARG', { argName: 'k', argValue: k });
  if (!(tracked > 0)) raise('APPROX_TOP_K_NON_POSITIVE_ARG', { argName: 'maxItemsTracked', argValue: tracked });
  if (tracked < k) raise('APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K', { maxItemsTracked: tracked, k });
  return { k, tracked };
}

export const approxTopK: FunctionDefinition = {
  name: 'approx_top_k',
  group: 'aggregate',
  summary: 'The most frequent values with how often each came; here the counts are exact.',
  usage: 'approx_top_k(expr[, k[, maxItemsTracked]])',
  examples: [['approx_top_k(x, 2) FROM VALUES 0, 0, 1, 1, 2, 0', '[{0, 3}, {1, 2}]']],
  resolve(args, site) {
    const [value] = args;
    if (value !== undefined && !isAtomic(value.type)) {
      raise('DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT', {
        function: 'approx_top_k',
        problem: `values of the type ${sqlTypeText(value.type)} are not counted`,
        mend: 'Count a part of the value, or its to_json',
      });
    }
    const signature = takes('approx_top_k', ['any', 'int?', 'int?'], 'void')(args, site);
    limitsOf({ args });
    const fields = [
      { name: 'item', type: value?.type ?? atomic('void'), nullable: true },
      { name: 'count', type: atomic('bigint'), nullable: false },
    ];
    return { ...signature, type: arrayType({ kind: 'struct', fields }, false), nullable: false };
  },
  body: { kind: 'aggregate', bind: topK },
};
