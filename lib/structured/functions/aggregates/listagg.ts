import { raise } from '../../../kernel/errors.ts';
import { sameExpression } from '../../expressions/typed-tree.ts';
import type { InternalValue } from '../../types/data-type.ts';
import { comparatorOf } from '../../types/ordering.ts';
import { atomic } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { joinBytes } from '../strings/text.ts';
import { collectList } from './collections.ts';
import { orderingOf } from './within-group.ts';

type Item = readonly [value: InternalValue, ...keys: InternalValue[]];

/** Buffer: the values, each with what it is ordered by. */
function listagg(site: BindSite): AggregateFunction {
  const orders = orderingOf(site);
  const keysFrom = site.args.length - orders.length;
  const delimiter = keysFrom > 1 ? constantOf('listagg', site.args, 1) : null;
  const compares = orders.map((_, i) => comparatorOf(site.args[keysFrom + i]?.type ?? atomic('void')));
  const compare = (a: Item, b: Item): number => {
    for (const [i, { ascending, nullsFirst }] of orders.entries()) {
      const [x, y] = [a[i + 1] ?? null, b[i + 1] ?? null];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
      const order = (compares[i] as (typeof compares)[number])(x, y);
      if (order !== 0) return ascending ? order : -order;
    }
    return 0;
  };
  return {
    ...collectList,
    update(buffer, at, value, ...rest) {
      if (value === null || value === undefined) return;
      (buffer[at] as InternalValue[]).push([value, ...rest.slice(keysFrom - 1)]);
    },
    result(buffer, at) {
      const items = buffer[at] as readonly Item[];
      if (items.length === 0) return null;
      const values = (orders.length === 0 ? items : items.toSorted(compare)).map(([value]) => value);
      if (site.type.kind !== 'binary') return (values as string[]).join((delimiter as string | null) ?? '');
      const between = delimiter as Uint8Array | null;
      return joinBytes(
        (values as Uint8Array[]).flatMap((bytes, i) => (i === 0 || between === null ? [bytes] : [between, bytes])),
      );
    },
  };
}

export const listaggFunction: FunctionDefinition = {
  name: 'listagg',
  aliases: ['string_agg'],
  group: 'aggregate',
  summary: 'The texts (or bytes) joined with a delimiter, in the order of WITHIN GROUP; null when there is none.',
  usage: 'listagg(expr[, delimiter]) [WITHIN GROUP (ORDER BY key, ...)]',
  examples: [
    ["listagg(x, ',') FROM VALUES 'a', 'b'", 'a,b'],
    ["listagg(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM VALUES 'a', 'b'", 'b,a'],
  ],
  resolve(args, site) {
    const orders = orderingOf(site);
    const plain = args.slice(0, args.length - orders.length);
    const isBinary = plain[0]?.type.kind === 'binary';
    const text = isBinary ? 'binary' : 'string';
    const signature = takes('listagg', [text, `${text}?`], text, { nullable: true })(plain, site);
    constantOf('listagg', plain, 1);
    const keys = args.slice(plain.length);
    const isOther = keys.some((key) => plain[0] === undefined || !sameExpression(key, plain[0]));
    if (site.options?.['distinct'] === 'true' && isOther) {
      raise('INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT', { funcName: 'listagg' });
    }
    return { ...signature, args: [...signature.args, ...keys.map(({ type }) => type)] };
  },
  body: { kind: 'aggregate', bind: listagg },
};
