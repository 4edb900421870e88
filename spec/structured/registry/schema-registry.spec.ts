import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expr, fromAvro, fromProtobuf } from '../../../lib/functions.ts';
import { latestSchema } from '../../../lib/index.ts';
import { bench } from '../query/bench.ts';

const first = '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}';
const second =
  '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":"none"}]}';
const withReference = '{"type":"record","name":"Outer","fields":[{"name":"r","type":"R"}]}';

const protoV1 =
  'syntax = "proto3"; package shop; message Order { message Line { string sku = 1; } int32 id = 1; } message Other { map<string, int32> m = 1; }';
const protoV2 = 'syntax = "proto3"; package shop; message Order { int32 id = 1; string name = 2; }';

let server: Server;
let url = '';
let requests: string[];
/** Answers by path: status and body. Without an answer it never answers. */
let answers: Record<string, readonly [status: number, body: unknown]>;

beforeEach(async () => {
  requests = [];
  answers = {
    '/schemas/ids/1': [200, { schema: first }],
    '/schemas/ids/2': [200, { schema: second, schemaType: 'AVRO' }],
    '/schemas/ids/3': [200, { schema: withReference, references: [{ name: 'R', subject: 'r', version: 1 }] }],
    '/schemas/ids/4': [404, { error_code: 40403, message: 'Schema 4 not found' }],
    '/schemas/ids/5': [200, { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' }],
    '/schemas/ids/8': [200, { schema: protoV1, schemaType: 'PROTOBUF' }],
    '/schemas/ids/9': [200, { schema: protoV2, schemaType: 'PROTOBUF' }],
    '/schemas/ids/10': [200, { schema: 'message {', schemaType: 'PROTOBUF' }],
    '/schemas/ids/6': [503, 'busy'],
    '/subjects/r/versions/1': [200, { id: 1, schema: first }],
    '/subjects/orders%2Fvalue/versions/latest': [200, { id: 2, schema: second }],
  };
  server = createServer((request, response) => {
    requests.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`.trim());
    const answer = answers[request.url ?? ''];
    if (answer === undefined) return;
    response.writeHead(answer[0], { 'content-type': 'application/json' });
    response.end(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

/** A value as a producer with a registry writes it. */
function framed(id: number, hex: string): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, id, ...Buffer.from(hex, 'hex')]);
}

function read(
  values: readonly (Uint8Array | null)[],
  options: Readonly<Record<string, string | number>> = {},
  schema = second,
) {
  const { spark } = bench();
  return spark
    .createDataFrame(
      values.map((value) => [value]),
      'value BINARY',
    )
    .select(fromAvro('value', schema, { schemaRegistryUrl: url, ...options }).alias('r'));
}

const texts = async (df: ReturnType<typeof read>): Promise<unknown[]> =>
  (await df.select(expr('CAST(r AS STRING) AS r')).collect()).map((row) => row['r']);

describe('from_avro with a schema registry', () => {
  it('reads what several schemas wrote as one, and asks for each once', async () => {
    const values = [framed(1, '02'), framed(2, '040462'.replace('62', '6262')), null, framed(1, '06')];
    expect(await texts(read(values))).toEqual(['{1, none}', '{2, bb}', null, '{3, none}']);
    expect(await texts(read(values))).toHaveLength(4);
    expect(requests.toSorted()).toEqual(['/schemas/ids/1', '/schemas/ids/2']);
  });

  it('follows references, and sends a password', async () => {
    const outer =
      '{"type":"record","name":"Outer","fields":[{"name":"r","type":{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}}]}';
    expect(await texts(read([framed(3, '02')], { schemaRegistryAuth: 'ann:pw' }, outer))).toEqual(['{{1}}']);
    const basic = `Basic ${Buffer.from('ann:pw').toString('base64')}`;
    expect(requests).toEqual([`${basic} /schemas/ids/3`, `${basic} /subjects/r/versions/1`]);
  });

  it('fetches within a query, before the rows of each block', async () => {
    const { spark, stream } = bench();
    const events = stream('value BINARY, other STRING');
    const query = await events
      .toDF()
      .where("other = 'yes'")
      .select(fromAvro('value', second, { schemaRegistryUrl: url }).alias('r'))
      .select('r.*')
      .where('a > 1')
      .writeStream.format('memory')
      .queryName('decoded')
      .start();
    events.addData([framed(1, '02'), 'yes'], [framed(1, '04'), 'yes']);
    await query.processAllAvailable();
    events.addData([framed(2, '060278'), 'yes'], [framed(2, '060278'), 'no']);
    await query.processAllAvailable();
    await query.stop();
    expect((await spark.table('decoded').collect()).map((row) => Object.values(row))).toEqual([
      [2, 'none'],
      [3, 'x'],
    ]);
    expect(requests).toEqual(['/schemas/ids/1', '/schemas/ids/2']);
  });

  it.each<[string, Uint8Array, string]>([
    ['an id that is not there', framed(4, '02'), 'Schema 4 not found'],
    ['a schema of another kind', framed(5, '02'), 'PROTOBUF'],
    ['no header', Uint8Array.from([2, 2]), 'SCHEMA_REGISTRY_HEADER'],
  ])('fails on %s, or gives nulls', async (_, value, said) => {
    await expect(texts(read([value]))).rejects.toThrow(said);
    await expect(texts(read([value]))).rejects.toMatchObject({ code: 'MALFORMED_AVRO_MESSAGE' });
    expect(await texts(read([value], { mode: 'PERMISSIVE' }))).toEqual(['{null, null}']);
  });

  it('fails the batch, whatever the mode, when the registry cannot be asked', async () => {
    const busy = read([framed(6, '02')], { mode: 'PERMISSIVE' });
    await expect(texts(busy)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNREACHABLE' });
    answers['/schemas/ids/6'] = [200, { schema: first }];
    expect(await texts(busy)).toEqual(['{1, none}']);
    const silent = read([framed(7, '02')], { schemaRegistryTimeoutMs: 30 });
    await expect(texts(silent)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNREACHABLE' });
  });

  it('gives the newest schema of a subject, to begin with', async () => {
    expect(await latestSchema({ schemaRegistryUrl: url, subject: 'orders/value' })).toBe(second);
    answers['/subjects/no/versions/latest'] = [404, { message: 'Subject not found' }];
    await expect(latestSchema({ schemaRegistryUrl: url, subject: 'no' })).rejects.toMatchObject({
      code: 'SCHEMA_REGISTRY_ANSWER',
    });
  });

  it('is refused where values cannot be looked at before their rows, and with wrong options', async () => {
    const { spark } = bench();
    const grouped = spark
      .createDataFrame([[framed(1, '02'), 1]], 'value BINARY, k INT')
      .groupBy('k')
      .agg(expr('max(value) AS value'))
      .select(fromAvro('value', second, { schemaRegistryUrl: url }).alias('r'));
    await expect(grouped.collect()).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_COLUMN' });
    await expect(texts(read([null], { schemaRegistryUrl: 'localhost' }))).rejects.toMatchObject({
      code: 'SCHEMA_REGISTRY_OPTION',
    });
  });
});

function orders(values: readonly Uint8Array[], name: string, options: Readonly<Record<string, string>> = {}) {
  return bench()
    .spark.createDataFrame(
      values.map((value) => [value]),
      'value BINARY',
    )
    .select(
      fromProtobuf('value', name, name.endsWith('Order') ? protoV2 : protoV1, {
        schemaRegistryUrl: url,
        ...options,
      }).alias('r'),
    );
}

describe('from_protobuf with a schema registry', () => {
  it('reads what several schemas wrote as one, and asks for each once', async () => {
    const values = [framed(8, '000801'), framed(9, '02000802120178'), framed(8, '000803')];
    expect(await texts(orders(values, 'shop.Order'))).toEqual(['{1, null}', '{2, x}', '{3, null}']);
    expect(requests.toSorted()).toEqual(['/schemas/ids/8', '/schemas/ids/9']);
  });

  it('finds the message by its places', async () => {
    expect(await texts(orders([framed(8, '0400000a0161')], 'shop.Order.Line'))).toEqual(['{a}']);
    expect(await texts(orders([framed(8, '02020a050a01611001')], 'Other'))).toEqual(['{{a -> 1}}']);
  });

  it.each<[string, Uint8Array, string]>([
    ['another message', framed(8, '0202'), 'a shop.Other and not a shop.Order'],
    ['a place that is not there', framed(8, '020a'), 'no message at the place 5'],
    ['places without end', framed(8, 'feffffff0f00'), 'SCHEMA_REGISTRY_HEADER'],
    ['a place below 0', framed(8, '0201'), 'SCHEMA_REGISTRY_HEADER'],
    ['no places', framed(8, ''), 'too early'],
    ['no header', Uint8Array.from([8, 1]), 'SCHEMA_REGISTRY_HEADER'],
    ['a schema of another kind', framed(1, '00'), 'is AVRO'],
    ['a schema that cannot be read', framed(10, '00'), 'PROTOBUF_SCHEMA_INVALID'],
  ])('fails on %s, or gives null', async (_, value, said) => {
    await expect(texts(orders([value], 'shop.Order'))).rejects.toThrow(said);
    await expect(texts(orders([value], 'shop.Order'))).rejects.toMatchObject({ code: 'MALFORMED_PROTOBUF_MESSAGE' });
    expect(await texts(orders([value], 'shop.Order', { mode: 'PERMISSIVE' }))).toEqual([null]);
  });
});
