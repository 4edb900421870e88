import { describe, expect, it } from '@jest/globals';
import { expr, fromProtobuf, toProtobuf } from '../../../lib/functions.ts';
import { bench } from '../query/bench.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const shop = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
// An order.
/* With two
   lines. */
message Order {
  enum Kind { NONE = 0; A = 1; B = 2; }
  message Line { string sku = 1; uint32 qty = 2; }
  int64 id = 1;
  int32 qty = 2;
  string name = 3;
  optional string note = 4;
  bytes raw = 5;
  google.protobuf.Timestamp at = 6;
  google.protobuf.Duration took = 7;
  repeated int32 counts = 8;
  repeated string tags = 9;
  map<string, double> m = 10;
  Kind kind = 11;
  repeated Line lines = 12;
  bool b = 13;
  float fl = 14;
  sint64 z = 15;
  fixed64 f64 = 16;
  sfixed32 sf = 17;
  uint64 u64 = 18;
  oneof choice { string text = 19; Line line = 20; }
  reserved 21, 22 to 25;
  reserved "old";
  uint32 u32 = 26;
  repeated Kind kinds = 27 [packed = true];
  map<int32, Line> by = 28;
}
message Node { int32 v = 1; Node next = 2; }`;

const old =
  'syntax = "proto2"; message Old { enum E { X = 3; Y = 4; } required int32 a = 1; optional int32 d = 2 [default = 7]; optional E e = 3 [default = Y]; repeated int32 r = 4; optional string s = 5; }';

/** The same two files as a descriptor set, and messages of them: what the Python library of Protocol Buffers wrote. */
const descriptorSet = bytes(
  '0aad060a0a73686f702e70726f746f120473686f701a1f676f6f676c652f70726f746f6275662f74696d657374616d702e70726f746f1a1e676f6f676c652f70726f746f6275662f6475726174696f6e2e70726f746f22a2050a054f72646572120a0a026964180120012803120b0a03717479180220012805120c0a046e616d6518032001280912110a046e6f74651804200128094801880101120b0a0372617718052001280c12260a02617418062001280b321a2e676f6f676c652e70726f746f6275662e54696d657374616d7012270a04746f6f6b18072001280b32192e676f6f676c652e70726f746f6275662e4475726174696f6e120e0a06636f756e7473180820032805120c0a0474616773180920032809121d0a016d180a2003280b32122e73686f702e4f726465722e4d456e747279121e0a046b696e64180b2001280e32102e73686f702e4f726465722e4b696e64121f0a056c696e6573180c2003280b32102e73686f702e4f726465722e4c696e6512090a0162180d20012808120a0a02666c180e2001280212090a017a180f20012812120b0a03663634181020012806120a0a02736618112001280f120b0a03753634181220012804120e0a0474657874181320012809480012200a046c696e6518142001280b32102e73686f702e4f726465722e4c696e654800120b0a03753332181a2001280d121f0a056b696e6473181b2003280e32102e73686f702e4f726465722e4b696e64121f0a026279181c2003280b32132e73686f702e4f726465722e4279456e7472791a200a044c696e65120b0a03736b75180120012809120b0a0371747918022001280d1a280a064d456e747279120b0a036b6579180120012809120d0a0576616c75651802200128013a0238011a3b0a074279456e747279120b0a036b6579180120012805121f0a0576616c756518022001280b32102e73686f702e4f726465722e4c696e653a023801221e0a044b696e6412080a044e4f4e45100012050a0141100112050a0142100242080a0663686f69636542070a055f6e6f7465222b0a044e6f646512090a017618012001280512180a046e65787418022001280b320a2e73686f702e4e6f6465620670726f746f330a720a096f6c642e70726f746f225d0a034f6c6412090a0161180120022805120c0a01641802200128053a013712140a016518032001280e32062e4f6c642e453a015912090a017218042003280512090a017318052001280922110a014512050a0158100312050a01591004620670726f746f32',
);
const orderHex =
  '08ffffffffffffffefff0110fbffffffffffffffff011a0b68c3a96c6c6f20f09f988022002a0201ff320b0880e2cfaa06108094ef3a3a08085a1080cab5ee01420d01ffffffffffffffffff01ac024a01614a0162520c0a016b11000000000000f83f580262050a017810026200680175cdcccc3d7805810101000000000000808d01f9ffffff9001ffffffffffffffffff01a201030a0173d001ffffffff0fda0103010002e20106080712021001';
const nodeHex = '08011206080212020803';

type Schema = Uint8Array | string;
type Options = Readonly<Record<string, string | number | boolean>>;

function decoded(hex: string, message: string, schema: Schema, options: Options = {}) {
  return bench({ 'spark.sql.session.timeZone': 'UTC' })
    .spark.createDataFrame([[bytes(hex)]], 'value BINARY')
    .select(fromProtobuf('value', message, schema, options).alias('v'));
}

/** The text of the one value that the bytes are. */
async function shown(hex: string, message: string, schema: Schema, options: Options = {}): Promise<unknown> {
  const df = decoded(hex, message, schema, options).select(expr('v IS NULL AS isNull'), expr('CAST(v AS STRING) AS t'));
  const row = await df.first();
  return row?.['isNull'] === true ? null : row?.['t'];
}

const types = [
  'id bigint',
  'qty int',
  'name string',
  'note string',
  'raw binary',
  'at timestamp',
  'took interval day to second',
  'counts array<int>',
  'tags array<string>',
  'm map<string,double>',
  'kind string',
  'lines array<struct<sku:string,qty:int>>',
  'b boolean',
  'fl float',
  'z bigint',
  'f64 bigint',
  'sf int',
  'u64 bigint',
  'text string',
  'line struct<sku:string,qty:int>',
  'u32 int',
  'kinds array<string>',
  'by map<int,struct<sku:string,qty:int>>',
];

describe.each<[string, Schema]>([
  ['a descriptor set', descriptorSet],
  ['the text of a file', shop],
])('from_protobuf by %s', (_, schema) => {
  it('gives every type as Spark has it', async () => {
    const df = decoded(orderHex, 'shop.Order', schema).select('v.*');
    expect(df.dtypes.map((pair) => pair.join(' '))).toEqual(types);
    const columns = df.columns.filter((column) => column !== 'raw');
    const row = await df.select(...columns.map((c) => expr(`CAST(${c} AS STRING) ${c}`))).first();
    expect(Object.values(row ?? {})).toEqual([
      '-9007199254740993',
      '-5',
      'héllo 😀',
      '',
      '2023-11-14 22:13:20.123456',
      "INTERVAL '0 00:01:30.5' DAY TO SECOND",
      '[1, -1, 300]',
      '[a, b]',
      '{k -> 1.5}',
      'B',
      '[{x, 2}, {null, null}]',
      'true',
      '0.1',
      '-3',
      '-9223372036854775807',
      '-7',
      '-1',
      null,
      '{s, null}',
      '-1',
      '[A, NONE, B]',
      '{7 -> {null, 1}}',
    ]);
    expect((await df.select('raw').first())?.['raw']).toEqual(bytes('01ff'));
  });

  it('is written as it was by to_protobuf', async () => {
    const df = decoded(orderHex, 'Order', schema).select(toProtobuf('v', 'shop.Order', schema).alias('b'));
    expect(Buffer.from((await df.first())?.['b'] as Uint8Array).toString('hex')).toBe(orderHex);
  });

  it('has messages within themselves only as deep as it is told', async () => {
    await expect(shown(nodeHex, 'Node', schema)).rejects.toMatchObject({ code: 'RECURSIVE_PROTOBUF_SCHEMA' });
    const depth = 'recursive.fields.max.depth';
    expect(await shown(nodeHex, 'Node', schema, { [depth]: 1 })).toBe('{1}');
    expect(await shown(nodeHex, 'Node', schema, { [depth]: 3 })).toBe('{1, {2, {3}}}');
    await expect(shown(nodeHex, 'Node', schema, { [depth]: 11 })).rejects.toMatchObject({ code: 'PROTOBUF_OPTION' });
  });
});

const message = (fields: string): string => `syntax = "proto3"; message M { ${fields} }`;

describe('from_protobuf', () => {
  it.each<[string, string, Options, string]>([
    // What is absent is null, where it has no presence also if it was written.
    ['int32 a = 1; string s = 2; repeated int32 r = 3;', '', {}, '{null, null, []}'],
    ['int32 a = 1;', '0800', {}, '{null}'],
    ['optional int32 a = 1;', '0800', {}, '{0}'],
    ['int32 a = 1; optional int32 b = 2; string s = 3;', '', { 'emit.default.values': true }, '{0, null, }'],
    ['uint32 a = 1; uint64 b = 2;', '08ffffffff0f10ffffffffffffffffff01', {}, '{-1, -1}'],
    [
      'uint32 a = 1; uint64 b = 2;',
      '08ffffffff0f10ffffffffffffffffff01',
      { 'upcast.unsigned.ints': true },
      '{4294967295, 18446744073709551615}',
    ],
    // The last of a value, the sum of messages, one of a oneof.
    ['int32 a = 1;', '08010802', {}, '{2}'],
    ['N n = 1; message N { int32 a = 1; int32 b = 2; }', '0a0208010a021002', {}, '{{1, 2}}'],
    ['oneof o { int32 a = 1; int32 b = 2; }', '08011002', {}, '{null, 2}'],
    // Lists that are packed and lists that are not.
    ['repeated int32 a = 1 [packed = false];', '0a0201020803', {}, '{[1, 2, 3]}'],
    // Fields that are not known, of every wire type.
    ['int32 a = 1;', '10011900000000000000002201612500000000333801340805', {}, '{5}'],
    [
      'enum E { Z = 0; } E e = 1; repeated E l = 2;',
      '0809120109',
      {},
      '{UNKNOWN_ENUM_VALUE_E_9, [UNKNOWN_ENUM_VALUE_E_9]}',
    ],
    ['enum E { Z = 0; A = 1; } E e = 1;', '0801', { 'enums.as.ints': true }, '{1}'],
    ['google.protobuf.Timestamp t = 1;', '0a1108feffffffffffffffff011080cab5ee01', {}, '{1969-12-31 23:59:58.5}'],
    // Messages that wrap a scalar; zero is not in the bytes.
    ['google.protobuf.Int32Value v = 1;', '0a020807', {}, '{{7}}'],
    ['google.protobuf.Int32Value v = 1;', '0a020807', { 'unwrap.primitive.wrapper.types': true }, '{7}'],
    ['google.protobuf.Int32Value v = 1;', '0a00', {}, '{{null}}'],
    ['google.protobuf.Int32Value v = 1;', '0a00', { 'unwrap.primitive.wrapper.types': true }, '{null}'],
    ['google.protobuf.StringValue v = 1;', '0a030a0161', { 'unwrap.primitive.wrapper.types': true }, '{a}'],
    ['google.protobuf.UInt64Value v = 1;', '', { 'unwrap.primitive.wrapper.types': true }, '{null}'],
    [
      'google.protobuf.BoolValue v = 1; repeated google.protobuf.Int32Value l = 2;',
      '0a0012020805',
      { 'unwrap.primitive.wrapper.types': true, 'emit.default.values': true },
      '{false, [5]}',
    ],
    // Messages without fields.
    ['int32 a = 1; N n = 2; message N { }', '08011200', {}, '{1}'],
    ['int32 a = 1; N n = 2; message N { }', '08011200', { 'retain.empty.message.types': true }, '{1, {null}}'],
    ['int32 a = 1; N n = 2; message N { }', '0801', { 'retain.empty.message.types': true }, '{1, null}'],
    ['', '', { 'retain.empty.message.types': true }, '{null}'],
    // A time goes by the name of its message and its two fields.
    [
      'Timestamp t = 1; message Timestamp { int64 seconds = 7; int32 nanos = 8; }',
      '0a023802',
      {},
      '{1970-01-01 00:00:02}',
    ],
    ['Timestamp t = 1; message Timestamp { int64 seconds = 1; }', '0a020802', {}, '{{2}}'],
    // Within another message a field of another wire type is not known, and not malformed.
    ['N n = 1; message N { int32 a = 1; int32 b = 2; }', '0a070d010000001005', {}, '{{null, 5}}'],
    ['N n = 1; message N { map<int32, int32> a = 1; repeated int32 b = 2; }', '0a0708011501000000', {}, '{{{}, []}}'],
  ])('reads %s from %s with %j', async (fields, hex, options, text) => {
    expect(await shown(hex, 'M', message(fields), options)).toBe(text);
  });

  it.each<[string, string]>([
    ['080020012002', '{0, 7, Y, [1, 2], null}'],
    // A text that is not UTF-8 is not refused in proto2.
    ['08012a01ff', '{1, 7, Y, [], \uFFFD}'],
  ])('has the defaults of proto2: %s', async (hex, text) => {
    expect(await shown(hex, 'Old', descriptorSet)).toBe(text);
    expect(await shown(hex, 'Old', old)).toBe(text);
  });

  it.each<[string, string, string]>([
    ['ends too early', 'fixed64 a = 1;', '0901'],
    ['has a text that is longer than it', 'string a = 1;', '0a05ff'],
    ['has a length that nothing can have', 'bytes a = 1;', '0affffffffffffffffff01'],
    ['has a number of more than ten bytes', 'int32 a = 1;', '08ffffffffffffffffffffff01'],
    ['has a field 0', 'int32 a = 1;', '0001'],
    ['has a wire type that there is not', 'int32 a = 1;', '1601'],
    ['has another wire type than the field', 'int32 a = 1;', '0d01000000'],
    ['has a text that is not UTF-8', 'string a = 1;', '0a01ff'],
    ['has a packed list that is cut', 'repeated fixed32 a = 1;', '0a03010203'],
    ['has a list of another wire type', 'repeated int32 a = 1;', '0d01000000'],
    ['has a map of numbers', 'map<int32, int32> a = 1;', '0801'],
    ['has a nested message that goes beyond it', 'N n = 1; message N { fixed64 a = 1; }', '0a0209000000000000000000'],
    ['has groups without end', 'int32 a = 1;', '13'.repeat(5000)],
    ['has a time that is none', 'google.protobuf.Timestamp t = 1;', '0a0a08ffffffffffffffff7f'],
    ['ends a group that has not begun', 'int32 a = 1;', '14'],
  ])('fails on a value that %s, or gives null', async (_, fields, hex) => {
    await expect(shown(hex, 'M', message(fields))).rejects.toMatchObject({ code: 'MALFORMED_PROTOBUF_MESSAGE' });
    await expect(shown(hex, 'M', message(fields))).rejects.toThrow('PROTOBUF_BYTES_INVALID');
    expect(await shown(hex, 'M', message(fields), { mode: 'PERMISSIVE' })).toBeNull();
  });

  it.each<[string, string | null]>([
    // A number that the closed enum of proto2 does not have is unknown: malformed in the message itself, as protobuf-java and Spark have it.
    ['1809', null],
    ['2009', null],
    ['22020109', null],
    // In one within it, it is as if it were not there; in a map the value is the default.
    ['12021809', '{{null, []}, null, [], {}}'],
    ['120420012009', '{{null, [B]}, null, [], {}}'],
    ['2a050a016b1009', '{null, null, [], {k -> A}}'],
  ])('has closed enums: %s', async (hex, text) => {
    const fields = 'optional E e = 3; repeated E es = 4;';
    const closed = `syntax = "proto2"; enum E { A = 0; B = 1; } message N { ${fields} }
      message M { optional N n = 2; ${fields} map<string, E> m = 5; }`;
    expect(await shown(hex, 'M', closed, { mode: 'PERMISSIVE' })).toBe(text);
  });

  it('fails on a value without a required field', async () => {
    await expect(shown('1001', 'Old', old)).rejects.toThrow('Old.a is required');
  });

  it.each<[string, Schema, string]>([
    ['bytes that are no descriptor set', Uint8Array.of(1, 2, 3), 'no FileDescriptorSet'],
    ['a descriptor set that is cut', descriptorSet.slice(0, 400), 'no FileDescriptorSet'],
    ['an empty descriptor set', new Uint8Array(), 'no file'],
    ['a text that is none', 'message M { int32 a 1; }', 'is not expected'],
    ['a text that ends', 'message M { int32 a', 'ends too early'],
    ['a text that cannot be read', 'message "', 'cannot be read at'],
    ['messages without end', 'message M {'.repeat(500), 'more than 100 deep'],
    ['options without end', 'option x = {'.repeat(50_000), 'ends too early'],
    ['a type that is not there', 'import "b.proto"; message M { B b = 1; }', 'it imports b.proto'],
    ['an edition', 'edition = "2023"; message M {}', 'edition'],
    ['a group', 'message M { optional group G = 1 { } }', 'group'],
    [
      'types that double',
      `message M { M0 a = 1; } ${Array.from({ length: 30 }, (_, i) => `message M${i} { M${i + 1} a = 1; M${i + 1} b = 2; int32 c = 3; }`).join(' ')} message M30 { int32 a = 1; }`,
      'more than 10000 fields',
    ],
    [
      'a chain of types',
      `message M { M0 a = 1; } ${Array.from({ length: 300 }, (_, i) => `message M${i} { M${i + 1} a = 1; }`).join(' ')} message M300 { int32 a = 1; }`,
      'more than 100 deep',
    ],
    ['a number that no field has', 'message M { int32 a = 0; }', 'M.a has no valid number'],
    ['a default that is none', 'message M { optional int32 a = 1 [default = x]; }', 'the default "x"'],
  ])('refuses %s', async (_, schema, said) => {
    await expect(shown('', 'M', schema)).rejects.toMatchObject({ code: 'PROTOBUF_SCHEMA_INVALID' });
    await expect(shown('', 'M', schema)).rejects.toThrow(said);
  });

  it('refuses messages, options and modes that there are not', async () => {
    await expect(shown('', 'shop.Nothing', shop)).rejects.toMatchObject({ code: 'PROTOBUF_MESSAGE_NOT_FOUND' });
    await expect(shown('', 'shop.Nothing', shop)).rejects.toThrow('shop.Order');
    await expect(shown('', 'Order', shop, { 'enums.as.ints': 'maybe' })).rejects.toMatchObject({
      code: 'PROTOBUF_OPTION',
    });
    await expect(shown('', 'Order', shop, { 'convert.any.fields.to.json': true })).rejects.toMatchObject({
      code: 'PROTOBUF_OPTION',
    });
    await expect(shown('', 'Order', shop, { mode: 'DROPMALFORMED' })).rejects.toMatchObject({
      code: 'PARSE_MODE_UNSUPPORTED',
    });
  });

  it('can be called from SQL', async () => {
    const df = bench().spark.sql(
      `SELECT from_protobuf(X'08', 'M', 'message M { optional int32 a = 1; }', map('mode', 'PERMISSIVE')) AS v`,
    );
    expect((await df.first())?.['v']).toBeNull();
  });
});

/** The bytes of what an expression gives, in hexadecimal. */
async function written(text: string, fields: string): Promise<unknown> {
  const df = bench().spark.range(1).select(expr(text).alias('v'));
  const row = await df
    .select(toProtobuf('v', 'M', message(fields)).alias('b'))
    .select(expr('hex(b) AS hex'))
    .first();
  return row?.['hex'];
}

describe('to_protobuf', () => {
  it.each<[string, string, string | null]>([
    ["named_struct('b', 'x', 'A', 0)", 'int32 a = 1; string b = 2;', '120178'],
    ["named_struct('a', 0)", 'optional int32 a = 1;', '0800'],
    ["named_struct('a', CAST(NULL AS INT))", 'int32 a = 1;', ''],
    ["named_struct('a', -1)", 'int32 a = 1;', '08FFFFFFFFFFFFFFFFFF01'],
    ["named_struct('a', -1)", 'uint32 a = 1;', '08FFFFFFFF0F'],
    ["named_struct('a', 4294967295)", 'fixed32 a = 1;', '0DFFFFFFFF'],
    ["named_struct('a', array(1, 2))", 'repeated int32 a = 1 [packed = false];', '08010802'],
    ["named_struct('a', array(CAST(1 AS SMALLINT)))", 'repeated sint32 a = 1;', '0A0102'],
    ["named_struct('a', 2)", 'enum E { Z = 0; T = 2; } E a = 1;', '0802'],
    [
      "named_struct('a', TIMESTAMP '1969-12-31 23:59:58.5Z')",
      'google.protobuf.Timestamp a = 1;',
      '0A1108FEFFFFFFFFFFFFFFFF011080CAB5EE01',
    ],
    [
      "named_struct('a', INTERVAL '-1.5' SECOND)",
      'google.protobuf.Duration a = 1;',
      '0A1608FFFFFFFFFFFFFFFFFF011080B6CA91FEFFFFFFFF01',
    ],
    ["named_struct('a', TIMESTAMP '1970-01-01 00:00:02Z')", 'Timestamp a = 1; message Timestamp { int64 seconds = 7; int32 nanos = 8; }', '0A023802'], // prettier-ignore
    ["named_struct('a', 5)", 'google.protobuf.Int32Value a = 1;', '0A020805'],
    ["named_struct('a', 0)", 'google.protobuf.Int32Value a = 1;', '0A00'],
    ["named_struct('a', named_struct('value', 5))", 'google.protobuf.Int32Value a = 1;', '0A020805'],
    ["named_struct('a', array('x'))", 'repeated google.protobuf.StringValue a = 1;', '0A030A0178'],
    ['CAST(NULL AS STRUCT<a: INT>)', 'int32 a = 1;', null],
  ])('writes %s as %s', async (text, fields, hex) => {
    expect(await written(text, fields)).toBe(hex);
  });

  it.each<[string, string, string]>([
    ['1', 'int32 a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', 1, 'c', 2)", 'int32 a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', 'x')", 'int32 a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', 'x')", 'enum E { Z = 0; } E a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', 1)", 'repeated int32 a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', -3000000000)", 'uint32 a = 1;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('b', 1)", 'required int32 a = 1; int32 b = 2;', 'PROTOBUF_TYPES_DIFFER'],
    ["named_struct('a', CAST(NULL AS INT))", 'required int32 a = 1;', 'PROTOBUF_VALUE_NULL'],
    ["named_struct('a', array(1, NULL))", 'repeated int32 a = 1;', 'PROTOBUF_VALUE_NULL'],
  ])('refuses %s as %s', async (text, fields, code) => {
    await expect(written(text, fields)).rejects.toMatchObject({ code });
  });
});
