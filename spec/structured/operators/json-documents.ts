import * as fc from 'fast-check';
import { utf8Bytes } from '../../../lib/structured/types/utf8.ts';

/** What the documents are read as. */
export const documentSchema =
  's STRING, i INT, l BIGINT, d DOUBLE, b BOOLEAN, t TIMESTAMP, arr ARRAY<INT>, nested STRUCT<x: INT>';

const leaf = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(String),
  fc.constantFrom('true', 'false', 'null', '1.50', '-0', '0.1', '2147483647', '2147483648', '007', '1e5', 'NaN'),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"2024-01-01T10:00:00Z"', '"2024-13-01T10:00:00Z"', '"2024-01-01T10:00:00.5Z"', '"10:00"', '"x'),
);
const value = fc.oneof(
  { weight: 5, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }).map((items) => `[${items.join(',')}]`) },
  { weight: 1, arbitrary: leaf.map((item) => `{"x":${item}}`) },
);
const member = fc
  .tuple(
    fc.constantFrom('s', 'i', 'l', 'd', 'b', 't', 'arr', 'nested', 'other', 'S'),
    value,
    fc.constantFrom('', ' ', '\n'),
  )
  .map(([name, text, blank]) => `${blank}"${name}"${blank}:${blank}${text}${blank}`);
/** JSON objects as text, with members that the schema knows and others, right and wrong. */
export const document = fc.array(member, { maxLength: 5 }).map((members) => `{${members.join(',')}}`);

const change = fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'insert'));

/** The same with bytes changed, cut off or put in. */
export const spoiltDocument = fc
  .tuple(document, fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) => {
    let bytes = [...utf8Bytes(text)];
    for (const [at, byte, kind] of changes) {
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      if (kind === 'set') bytes[place] = byte;
      else if (kind === 'cut') bytes = bytes.slice(0, place);
      else bytes.splice(place, 0, byte);
    }
    return Uint8Array.from(bytes);
  });
