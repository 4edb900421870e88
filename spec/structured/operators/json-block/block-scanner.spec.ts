import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BlockScanner } from '../../../../lib/structured/operators/json-block/block-scanner.ts';
import { jsonScanner, readers, timestampAt } from '../../../../lib/structured/operators/json-scan.ts';
import { parseSchema } from '../../../../lib/structured/types/ddl.ts';
import { utf8Bytes, utf8Text } from '../../../../lib/structured/types/utf8.ts';
import { document, documentSchema, spoiltDocument } from '../json-documents.ts';

const schema = parseSchema(documentSchema);
const site = { ansi: true, timeZone: 'UTC', context: { batchTimestampUs: 0, partitionId: 0 }, mayGenerate: true };

function scannerOf(names: readonly string[]) {
  const fields = schema.fields
    .filter(({ name }) => names.includes(name))
    .map(({ name, type }) => ({ name, kind: readers[type.kind] ?? ('nothing' as const) }));
  const scanner = BlockScanner.create(fields);
  if (scanner === undefined) throw new TypeError('no scanner was made');
  return scanner;
}

const names = schema.fields.map(({ name }) => name);
const block = scannerOf(names);
const single = jsonScanner(
  schema,
  names.map(() => true),
  site,
);

interface Packed {
  readonly bytes: Uint8Array;
  readonly from: readonly number[];
  readonly until: readonly number[];
}

/** Records as a source has them: one array for all, other bytes between them. Undefined: a record without a value. */
function packed(records: readonly (Uint8Array | undefined)[]): Packed {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + (record?.length ?? 0) + 3, 0)).fill(0x22);
  const from: number[] = [];
  const until: number[] = [];
  let at = 0;
  for (const record of records) {
    at += 3;
    from.push(at);
    if (record !== undefined) bytes.set(record, at);
    at += record?.length ?? 0;
    until.push(record === undefined ? at - 1 : at);
  }
  return { bytes, from, until };
}

/** What the scanner has for a record: its fields, 'unsure', or 'absent'. */
function read(scanner: BlockScanner, { bytes, from, until }: Packed, row: number): readonly unknown[] | string {
  const end = until[row] ?? 0;
  if (end < (from[row] ?? 0)) return 'absent';
  const at = row < scanner.end ? row - scanner.first : scanner.next(bytes, from, until, row, from.length);
  if (scanner.sure[at] !== 1) return 'unsure';
  const fields = scanner.notes.map((notes) => {
    switch (notes.kind) {
      case 'number': {
        const value = notes.values[at] ?? 0;
        return Number.isNaN(value) ? null : value;
      }
      case 'boolean':
        return notes.values[at] === -1 ? null : notes.values[at] === 1;
      case 'text': {
        const [start, stop] = [notes.from[at] ?? 0, notes.until[at] ?? 0];
        const text = utf8Text(bytes.subarray(start + scanner.shift, Math.abs(stop) + scanner.shift));
        if (start < 0) return null;
        return stop >= 0 === /^[\0-\x7f]*$/u.test(text) ? text : 'not marked as it is';
      }
      case 'timestamp': {
        const start = notes.from[at] ?? 0;
        return start < 0 ? null : timestampAt(bytes, start + scanner.shift, end);
      }
      case 'nothing':
        return null;
      default:
        return notes satisfies never;
    }
  });
  return fields.includes(undefined) ? 'unsure' : fields;
}

function expected(record: Uint8Array | undefined): readonly unknown[] | string {
  if (record === undefined) return 'absent';
  return single?.scan(record, 0, record.length) === true ? [...single.out] : 'unsure';
}

/** The scanner of blocks looks at one time of a record only: it leaves others to the exact parser, although they may be right. */
function hasTwoTimes(record: Uint8Array | undefined): boolean {
  return record !== undefined && utf8Text(record).split('"t"').length > 2;
}

function readAll(records: readonly (Uint8Array | undefined)[]): readonly unknown[] {
  const all = packed(records);
  block.restart();
  return records.map((_, row) => read(block, all, row));
}

describe('the scanner of blocks', () => {
  const record = fc.oneof(
    { weight: 4, arbitrary: document.map(utf8Bytes) },
    { weight: 4, arbitrary: spoiltDocument },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

  it('finds in every record what the scanner of single records finds, and is sure of the same', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const found = readAll(records).map((fields, i) =>
          fields === 'unsure' && hasTwoTimes(records[i]) ? expected(records[i]) : fields,
        );
        expect(found).toEqual(records.map(expected));
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ['a negative INT at its limit', '{"i":-2147483648}'],
    ['one beyond it', '{"i":-2147483649}'],
    ['the largest INT', '{"i":2147483647}'],
    ['15 digits', '{"l":-123456789012345,"d":123456789.012345}'],
    ['16 digits', '{"l":1234567890123456}'],
    ['a text of 15 characters, which ends where a step does', '{"s":"123456789012345"}'],
    ['a text of several steps', `{"s":"${'abcdefgh'.repeat(9)}"}`],
    ['a text that is not ASCII behind a step', `{"s":"${'abcdefgh'.repeat(9)}ü"}`],
    ['a quote behind a step in a text that nobody reads', `{"x":"${'abcdefgh'.repeat(4)}\\"","i":1}`],
    ['a backslash at the end of a step', `{"x":"${'a'.repeat(15)}\\\\","i":1}`],
    ['brackets that do not match', '{"x":[1}'],
    ['a word that goes on', '{"b":truex}'],
    ['a number that goes on', '{"x":12a,"i":1}'],
    ['a record that another one would close', '{"s":"abc'],
    ['a number with an exponent that nobody reads', '{"x":-1.5E+10,"i":1}'],
    ['30 brackets', `{"x":${'['.repeat(30)}${']'.repeat(30)}}`],
    ['31 brackets', `{"x":${'['.repeat(31)}${']'.repeat(31)}}`],
    ['32 brackets', `{"x":${'['.repeat(32)}${']'.repeat(32)}}`],
  ])('agrees on %s', (_, text) => {
    const records = [utf8Bytes(text), utf8Bytes('{"i":7}')];
    expect(readAll(records)).toEqual(records.map(expected));
  });

  it.each(['{"t":-5e-324,"t":0}', '{"t":"no time","t":null}', '{"t":1,"t":2}'])('is not sure of %s', (text) => {
    expect(readAll([utf8Bytes(text)])).toEqual(['unsure']);
  });

  it('goes on where it ended, however many records there are and wherever it is asked to begin', () => {
    const records = Array.from({ length: 700 }, (_, i) =>
      i % 50 === 3 ? undefined : utf8Bytes(`{"i":${i},"s":"text ${i}"}`),
    );
    expect(readAll(records)).toEqual(records.map(expected));
    block.restart();
    expect(read(block, packed(records), 255)).toEqual(expected(records[255]));
    expect(read(block, packed(records), 600)).toEqual(expected(records[600]));
  });

  it('leaves a record that is too long to others, and reads those around it', () => {
    const long = utf8Bytes(`{"i":2,"x":"${'y'.repeat(300_000)}"}`);
    const records = [utf8Bytes('{"i":1}'), long, utf8Bytes('{"i":3}')];
    const all = packed(records);
    block.restart();
    expect(records.map((_, row) => read(block, all, row))).toEqual([
      expected(records[0]),
      'unsure',
      expected(records[2]),
    ]);
  });

  it('passes over fields that nobody reads, whatever they are', () => {
    const one = scannerOf(['i']);
    const text = utf8Bytes('{"arr":[1,2],"nested":{"x":1},"s":"a\\"b","i":3,"d":1e299}');
    expect(read(one, packed([text]), 0)).toEqual([3]);
  });

  it('knows names of every length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,20}$/u), fc.stringMatching(/^[a-z_]{1,20}$/u), (name, other) => {
        const scanner = BlockScanner.create([{ name, kind: 'int' }]);
        const all = packed([utf8Bytes(`{"${name}":1}`), utf8Bytes(`{"${other}":2}`)]);
        if (scanner === undefined) throw new TypeError('no scanner was made');
        expect([read(scanner, all, 0), read(scanner, all, 1)]).toEqual([[1], [other === name ? 2 : null]]);
      }),
      { numRuns: 60 },
    );
  });

  it('is not there where WebAssembly does not run', () => {
    const platform = globalThis as { WebAssembly?: unknown };
    const { WebAssembly: saved } = platform;
    try {
      platform.WebAssembly = undefined;
      expect(BlockScanner.create([{ name: 'i', kind: 'int' }])).toBeUndefined();
      platform.WebAssembly = {};
      expect(BlockScanner.create([{ name: 'i', kind: 'int' }])).toBeUndefined();
    } finally {
      platform.WebAssembly = saved;
    }
  });
});
