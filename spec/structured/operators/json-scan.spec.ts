import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { jsonParser } from '../../../lib/structured/functions/json/from-json.ts';
import { jsonScanner } from '../../../lib/structured/operators/json-scan.ts';
import type { InternalValue, StructType } from '../../../lib/structured/types/data-type.ts';
import { parseSchema } from '../../../lib/structured/types/ddl.ts';
import { utf8Bytes, utf8Text } from '../../../lib/structured/types/utf8.ts';
import { document, documentSchema, spoiltDocument } from './json-documents.ts';

const schema = parseSchema(documentSchema);
const site = { ansi: true, timeZone: 'UTC', context: { batchTimestampUs: 0, partitionId: 0 }, mayGenerate: true };
const exact = jsonParser(schema, { timeZone: 'UTC' });

function scannerOf(type: StructType, wanted = type.fields.map(() => true), isLate = false) {
  const scanner = jsonScanner(type, wanted, site, isLate);
  if (scanner === undefined) throw new TypeError('no scanner was made');
  return scanner;
}

const all = scannerOf(schema);
const late = scannerOf(schema, undefined, true);

/** What the scanner reads of bytes, or 'unsure'. */
function scanned(bytes: Uint8Array): readonly InternalValue[] | 'unsure' {
  // The record stands between others, as in a block.
  const block = new Uint8Array(bytes.length + 20).fill(0x22);
  block.set(bytes, 10);
  const found = all.scan(block, 10, 10 + bytes.length) ? all.out.map((value) => value ?? null) : 'unsure';
  // Texts that are read when they are asked for are the same texts.
  const isSure = late.scan(block, 10, 10 + bytes.length);
  const asked = late.out.map((value, i) => (value === undefined ? (late.late[i]?.text(block) ?? null) : value));
  expect(isSure ? asked : 'unsure').toEqual(found);
  return found;
}

describe('what the scanner is sure of', () => {
  it.each([
    ['{}'],
    [' { } '],
    ['{"s":"abc","i":1,"l":123456789012345,"d":1.5,"b":true,"t":"2024-01-01T00:00:00Z"}'],
    ['{"s":"größe 日本 😀"}'],
    ['{"t":"2024-02-29T23:59:59.123456Z"}'],
    ['{"t":1704067200}'],
    ['{"s":null,"i":null,"arr":null,"nested":null}'],
    ['{"other":{"deep":[1,2,{"x":"y\\n"}]},"i":-7, "more" : [ ] , "e" : -1.5e+10}'],
    ['{"i":1,"i":2}'],
    ['{"d":-0.001}'],
    ['{"i":5} trailing text'],
    ['{"s":""}'],
  ])('%s is read as the exact parser reads it', (text) => {
    expect(scanned(utf8Bytes(text))).toEqual(exact(text));
  });

  it('reads the same texts again from its cache', () => {
    for (const text of ['{"s":"one"}', '{"s":"two"}', '{"s":"one"}', '{"s":"onf"}']) {
      expect(scanned(utf8Bytes(text))).toEqual(exact(text));
    }
  });
});

describe('what it leaves to the exact parser', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['no object', '[1]'],
    ['an escape in a text that is wanted', '{"s":"a\\nb"}'],
    ['an escape in a name', '{"\\u0073":"a"}'],
    ['single quotes', "{'s':'a'}"],
    ['a number for a text', '{"s":1.50}'],
    ['a fraction for an INT', '{"i":1.5}'],
    ['an INT out of range', '{"i":2147483648}'],
    ['16 digits', '{"l":1234567890123456}'],
    ['an exponent', '{"d":1e3}'],
    ['minus zero', '{"i":-0}'],
    ['a leading zero', '{"i":01}'],
    ['a time without a zone', '{"t":"2024-01-01T00:00:00"}'],
    ['a day that does not exist', '{"t":"2023-02-29T00:00:00Z"}'],
    ['seven digits of a second', '{"t":"2024-01-01T00:00:00.1234567Z"}'],
    ['an array that is wanted', '{"arr":[1]}'],
    ['a struct that is wanted', '{"nested":{"x":1}}'],
    ['a comma too much', '{"i":1,}'],
    ['an end too early', '{"i":1'],
    ['a control character', '{"x":"a\u0001"}'],
    ['nothing behind a colon', '{"i":}'],
    ['a word', '{"b":truex}'],
    ['nesting that is deep', `{"x":${'['.repeat(60)}${']'.repeat(60)}}`],
  ])('%s', (_, text) => {
    expect(scanned(utf8Bytes(text))).toBe('unsure');
  });

  it('names that would need escapes, and names that stand twice, get no scanner', () => {
    expect(jsonScanner(parseSchema('`a"b` STRING'), [true], site)).toBeUndefined();
    expect(jsonScanner(parseSchema('`größe` STRING'), [true], site)).toBeUndefined();
    expect(jsonScanner({ kind: 'struct', fields: [...schema.fields, ...schema.fields] }, [true], site)).toBeUndefined();
  });
});

it('skips fields that nobody reads, whatever their type', () => {
  const wanted = schema.fields.map(({ name }) => name === 'i');
  const one = scannerOf(schema, wanted);
  const bytes = utf8Bytes('{"arr":[1,2],"nested":{"x":1},"s":"a\\"b","i":3,"d":1e999}');
  expect(one.scan(bytes, 0, bytes.length)).toBe(true);
  expect(one.out[1]).toBe(3);
});

it('keeps hostile names of fields out of the code', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: 99 }), (name, value) => {
      const type: StructType = { kind: 'struct', fields: [{ name, type: { kind: 'int' }, nullable: true }] };
      const scanner = jsonScanner(type, [true], site);
      const bytes = utf8Bytes(`{${JSON.stringify(name)}:${value}}`);
      if (scanner === undefined || !scanner.scan(bytes, 0, bytes.length)) return;
      expect(scanner.out).toEqual(jsonParser(type, { timeZone: 'UTC' })(utf8Text(bytes)));
    }),
    { numRuns: 200 },
  );
});

describe('against the exact parser', () => {
  it('gives the same for every document that it is sure of', () => {
    let sure = 0;
    fc.assert(
      fc.property(document, (text) => {
        const result = scanned(utf8Bytes(text));
        if (result === 'unsure') return;
        sure += 1;
        expect(result).toEqual(exact(text));
      }),
      { numRuns: 1500 },
    );
    // Otherwise the test would say nothing.
    expect(sure).toBeGreaterThan(150);
  });

  it('gives the same for documents with bytes changed, cut off or put in', () => {
    fc.assert(
      fc.property(spoiltDocument, (bytes) => {
        const result = scanned(bytes);
        const expected = exact(utf8Text(bytes));
        expect(['unsure', expected]).toContainEqual(result);
      }),
      { numRuns: 1500 },
    );
  });
});
