import { describe, expect, it } from '@jest/globals';
import { expr, fromAvro, toAvro } from '../../../lib/functions.ts';
import { parseAvroSchema } from '../../../lib/structured/functions/avro/avro-schema.ts';
import { sqlTypeOfAvro } from '../../../lib/structured/functions/avro/avro-types.ts';
import type { StructType } from '../../../lib/index.ts';
import { bench } from '../query/bench.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const record = JSON.stringify({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'qty', type: 'int' },
    { name: 'name', type: 'string' },
    { name: 'note', type: ['null', 'string'] },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'atu', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'm', type: { type: 'map', values: 'double' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'f', type: { type: 'fixed', name: 'F4', size: 4 } },
    { name: 'u', type: ['null', 'int', 'string'] },
    { name: 'n2', type: ['int', 'long'] },
    { name: 'b', type: 'boolean' },
    { name: 'fl', type: 'float' },
  ],
});

/** What Avro's own library wrote for it. */
const recordHex =
  'feffffffffffffffff01091668c3a96c6c6f20f09f98800202780404d2f6a1abfef96280898182838985060104026102620002026b000000000000f83f0002010203ff04027302818080808080802001cdcccc3d';

/** The text of the one value that the bytes are. */
async function shown(hex: string, schema: string, options: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const df = bench({ 'spark.sql.session.timeZone': 'UTC' }).spark.createDataFrame([[bytes(hex)]], 'value BINARY');
  const [row] = await df
    .select(fromAvro('value', schema, options).alias('v'))
    .select(expr('v IS NULL AS isNull'), expr('CAST(v AS STRING) AS text'))
    .collect();
  return row?.['isNull'] === true ? null : row?.['text'];
}

describe('from_avro', () => {
  it('gives every type as Spark has it', async () => {
    const df = bench({ 'spark.sql.session.timeZone': 'UTC' })
      .spark.createDataFrame([[bytes(recordHex)]], 'value BINARY')
      .select(fromAvro('value', record).alias('o'))
      .select('o.*');
    expect(df.dtypes.map((pair) => pair.join(' '))).toEqual([
      'id bigint',
      'qty int',
      'name string',
      'note string',
      'price decimal(10,2)',
      'at timestamp',
      'atu timestamp',
      'day date',
      'tags array<string>',
      'm map<string,double>',
      'kind string',
      'f binary',
      'u struct<member0:int,member1:string>',
      'n2 bigint',
      'b boolean',
      'fl float',
    ]);
    const type = parseAvroSchema(record);
    const { fields } = sqlTypeOfAvro(type).type as StructType;
    expect(fields.filter(({ nullable }) => nullable).map(({ name }) => name)).toEqual(['note', 'u']);
    const texts = await df
      .select(...df.columns.filter((c) => c !== 'f').map((c) => expr(`CAST(${c} AS STRING) ${c}`)))
      .collect();
    expect(Object.values(texts[0] ?? {})).toEqual([
      '9223372036854775807',
      '-5',
      'héllo 😀',
      'x',
      '12.34',
      '2023-11-14 22:13:20.123',
      '2023-11-14 22:13:20.123456',
      '1969-12-31',
      '[a, b]',
      '{k -> 1.5}',
      'B',
      '{null, s}',
      '-9007199254740993',
      'true',
      '0.1',
    ]);
    expect((await df.select('f').first())?.['f']).toEqual(new Uint8Array([1, 2, 3, 255]));
  });

  it.each<[string, string, unknown]>([
    ['"long"', 'ffffffffffffffffff01', '-9223372036854775808'],
    ['"long"', '8280808080808020', '9007199254740993'],
    ['"long"', '01', '-1'],
    ['"int"', 'feffffff0f', '2147483647'],
    ['"double"', '000000000000f83f', '1.5'],
    ['"string"', '00', ''],
    ['{"type":"array","items":["null","int"]}', '0400020200', '[null, 1]'],
    // In blocks that say their size.
    ['{"type":"array","items":"int"}', '03040204020600', '[1, 2, 3]'],
    ['["null","string"]', '00', null],
  ])('reads %s from %s, as Avro wrote it', async (schema, hex, value) => {
    expect(await shown(hex, schema)).toBe(value);
  });

  it('goes from the schema of the writer to that of the reader', async () => {
    const writer =
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"gone","type":"string"},{"name":"old","type":"float"}]}';
    const avroSchema =
      '{"type":"record","name":"R","fields":[{"name":"new","aliases":["old"],"type":"double"},{"name":"a","type":"long"},{"name":"d","type":"string","default":"x"},{"name":"n","type":["null","int"],"default":null}]}';
    expect(await shown('0e047a7a00002040', writer, { avroSchema })).toBe('{2.5, 7, x, null}');
  });

  it.each<[string, string, string]>([
    ['ends too early', '"double"', '0000'],
    ['has no such branch', '["null","int"]', '08'],
    ['has a text that is longer than it', '"string"', 'fe01'],
    ['has a number of more than ten bytes', '"long"', 'ffffffffffffffffffffff01'],
    ['has an int that is none', '"int"', 'feffffffff1f'],
    ['claims elements without end', '{"type":"array","items":"null"}', 'feffffffff1f'],
    ['has a text that is not UTF-8', '"string"', '02ff'],
    ['has no such symbol', '{"type":"enum","name":"E","symbols":["A"]}', '02'],
  ])('fails on a value that %s, or gives null', async (_, schema, hex) => {
    await expect(shown(hex, schema)).rejects.toMatchObject({ code: 'MALFORMED_AVRO_MESSAGE' });
    expect(await shown(hex, schema, { mode: 'PERMISSIVE' })).toBeNull();
  });

  it('gives nulls for a malformed record', async () => {
    const schema = '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}';
    expect(await shown('02', schema, { mode: 'PERMISSIVE' })).toBe('{null, null}');
  });

  it.each([
    ['{', 'it is no JSON'],
    ['"nothing"', 'there is no type nothing'],
    ['[]', 'no branches'],
    ['{"type":"record","name":"R"}', 'no list of fields'],
    ['{"type":"record","name":"R","fields":[{"name":"next","type":["null","R"]}]}', 'contains itself'],
    ['{"type":"enum","name":"E"}', 'no list of symbols'],
    ['{"type":"fixed","name":"F"}', 'has no size'],
    ['"' + '['.repeat(3), 'it is no JSON'],
    [`${'{"type":"array","items":'.repeat(200)}"int"${'}'.repeat(200)}`, 'more than 100 deep'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"fixed","name":"R","size":1}}]}',
      'defined twice',
    ],
  ])('refuses the schema %s', (schema, said) => {
    expect(() => parseAvroSchema(schema)).toThrow(said);
    expect(() => parseAvroSchema(schema)).toThrow('AVRO_SCHEMA_INVALID');
  });

  it('refuses schemas that do not go together, and modes that there are not', async () => {
    await expect(shown('02', '"int"', { avroSchema: '"string"' })).rejects.toMatchObject({
      code: 'AVRO_SCHEMAS_DIFFER',
    });
    await expect(shown('02', '"int"', { mode: 'DROPMALFORMED' })).rejects.toMatchObject({
      code: 'PARSE_MODE_UNSUPPORTED',
    });
  });
});

/** The bytes of what an expression gives, in hexadecimal. */
async function written(text: string, schema?: string): Promise<unknown> {
  const df = bench().spark.range(1).select(expr(text).alias('v'));
  const [row] = await df.select(toAvro('v', schema).alias('b')).select(expr('hex(b) AS hex')).collect();
  return row?.['hex'];
}

describe('to_avro', () => {
  it('gives back the bytes that Avro wrote, of every type', async () => {
    const df = bench()
      .spark.createDataFrame([[bytes(recordHex)]], 'value BINARY')
      .select(fromAvro('value', record).alias('o'))
      .select(toAvro('o', record).alias('b'));
    expect((await df.first())?.['b']).toEqual(bytes(recordHex));
  });

  it.each<[string, string | undefined, string]>([
    ['CAST(NULL AS INT)', undefined, 'null'],
    ['1', undefined, '02'],
    ["named_struct('a', CAST(id AS INT), 'b', IF(id > 5, 'x', NULL))", undefined, '0002'],
    ["named_struct('a', CAST(id AS INT), 'b', IF(id < 5, 'x', NULL))", undefined, '00000278'],
    ['CAST(-1.5 AS DECIMAL(4, 2))', undefined, 'FF6A'],
    ['array(1, 2)', undefined, '04020400'],
    ["map('k', 1.5D)", undefined, '02026B000000000000F83F00'],
    ["'B'", '{"type":"enum","name":"E","symbols":["A","B"]}', '02'],
    ['1', '["null","long"]', '0202'],
  ])('writes %s in the schema %s', async (text, schema, hex) => {
    expect(String(await written(text, schema))).toBe(hex);
  });

  it.each([
    ['1', '"string"', 'AVRO_SCHEMAS_DIFFER'],
    [
      "named_struct('a', 1)",
      '{"type":"record","name":"R","fields":[{"name":"b","type":"int"}]}',
      'AVRO_SCHEMAS_DIFFER',
    ],
    ["'C'", '{"type":"enum","name":"E","symbols":["A","B"]}', 'AVRO_SCHEMAS_DIFFER'],
    ['array(CAST(NULL AS INT))', '{"type":"array","items":"int"}', 'AVRO_VALUE_NULL'],
    ["INTERVAL '1' DAY", undefined, 'AVRO_SCHEMA_INVALID'],
  ])('refuses %s in the schema %s', async (text, schema, code) => {
    await expect(written(text, schema)).rejects.toMatchObject({ code });
  });
});
