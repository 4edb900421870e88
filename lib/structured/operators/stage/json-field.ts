import type { EvaluationSite } from '../../expressions/evaluation-site.ts';
import { bindScalar } from '../../expressions/interpret.ts';
import type { Attribute, TypedCall, TypedExpression } from '../../expressions/typed-expression.ts';
import type { InternalRow, StructType } from '../../types/data-type.ts';
import { utf8Text } from '../../types/utf8.ts';
import { BlockScanner } from '../json-block/block-scanner.ts';
import { type JsonScanner, jsonScanner, readers } from '../json-scan.ts';

/** `from_json(cast(bytes as string))` of which only some fields are used. */
export interface JsonField<B> {
  readonly scanner: JsonScanner;
  /** For many records at once, with a field of its own for each of `fields`. */
  readonly block: BlockScanner | undefined;
  /** The exact parser. */
  readonly parse: (bytes: Uint8Array) => InternalRow | null;
  readonly bytes: B;
  readonly fields: readonly number[];
  /** How many fields the schema has. */
  readonly count: number;
}

/** A call of `from_json` that cannot fail and gives a struct: it may be evaluated earlier, or by the scanner. */
export function isPlainFromJson(e: TypedExpression): e is TypedCall {
  return (
    e.kind === 'call' &&
    e.function.name === 'from_json' &&
    e.type.kind === 'struct' &&
    Object.keys(e.options ?? {}).length === 0
  );
}

/** The column of bytes whose text `from_json` reads; undefined for any other text. */
export function bytesOfFromJson(e: TypedCall): Attribute | undefined {
  const text = e.args[0];
  if (text?.kind !== 'cast' || text.type.kind !== 'string') return undefined;
  const { child } = text;
  return child.kind === 'attribute' && child.type.kind === 'binary' ? child : undefined;
}

/** How to scan the fields of a parsed column; undefined where the scanner does not apply. */
export function jsonField<B>(
  e: TypedExpression,
  bytes: ReadonlyMap<number, B>,
  fields: readonly number[],
  site: EvaluationSite,
  isLoop: boolean,
): JsonField<B> | undefined {
  if (!isPlainFromJson(e) || e.type.kind !== 'struct') return undefined;
  const column = bytesOfFromJson(e);
  const from = column === undefined ? undefined : bytes.get(column.id);
  if (from === undefined) return undefined;
  // A record that is not as it should be shows in a column of its own: only the exact parser fills that.
  if (e.type.fields.some(({ name }) => name === '_corrupt_record')) return undefined;
  const wanted = e.type.fields.map((_, i) => fields.includes(i));
  const scanner = jsonScanner(e.type, wanted, site, true);
  if (scanner === undefined) return undefined;
  const { type } = e;
  const { evaluate } = bindScalar(e, site);
  return {
    scanner,
    block: isLoop ? blockScanner(type, fields) : undefined,
    parse: (text) => evaluate(utf8Text(text)) as InternalRow | null,
    bytes: from,
    fields,
    count: e.type.fields.length,
  };
}

function blockScanner(type: StructType, fields: readonly number[]): BlockScanner | undefined {
  return BlockScanner.create(
    fields.map((field) => {
      const { name, type: fieldType } = type.fields[field] as StructType['fields'][number];
      return { name, kind: readers[fieldType.kind] ?? 'nothing' };
    }),
  );
}
