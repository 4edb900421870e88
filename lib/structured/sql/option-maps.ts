import type { Expression } from '../expressions/expression.ts';

/** Functions whose last argument may be a map of options, and its place. */
const places: Readonly<Record<string, number>> = {
  from_avro: 2,
  from_protobuf: 3,
  to_protobuf: 3,
  from_json: 2,
  to_json: 1,
  schema_of_json: 1,
  from_csv: 2,
  to_csv: 1,
  schema_of_csv: 1,
};

type Options = Readonly<Record<string, string>>;

/** `from_json(v, 'a INT', map('mode', 'FAILFAST'))`: the map of constants as options, and the arguments without it. */
export function takeOptions(
  name: string,
  args: readonly Expression[],
): { readonly args: readonly Expression[]; readonly options?: Options } {
  const place = places[name.toLowerCase()];
  const last = place === undefined ? undefined : args[place];
  if (last?.kind !== 'call' || last.name.toLowerCase() !== 'map' || place !== args.length - 1) return { args };
  const texts: string[] = [];
  for (const item of last.args) {
    if (item.kind !== 'literal' || typeof item.value !== 'string') return { args };
    texts.push(item.value);
  }
  const options = Object.fromEntries(texts.flatMap((key, i) => (i % 2 === 0 ? [[key, texts[i + 1] ?? '']] : [])));
  return { args: args.slice(0, -1), options };
}
