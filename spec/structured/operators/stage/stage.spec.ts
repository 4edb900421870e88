import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as F from '../../../../lib/functions.ts';
import { MillraceError } from '../../../../lib/kernel/errors.ts';
import { Session } from '../../../../lib/structured/session.ts';
import type { InternalRow } from '../../../../lib/structured/types/data-type.ts';
import { utf8Bytes } from '../../../../lib/structured/types/utf8.ts';
import { document, documentSchema, spoiltDocument } from '../json-documents.ts';
import { at, type BenchBatch, type BuildQuery, QueryBench, sorted } from '../query-bench.ts';

const { col, expr } = F;
const ddl = 'k STRING, v INT, d DOUBLE, ts TIMESTAMP, arr ARRAY<INT>';

const row = fc.tuple(
  fc.option(fc.constantFrom('a', 'b', 'ü'), { freq: 5 }),
  fc.option(fc.integer({ min: -3, max: 9 }), { freq: 5 }),
  fc.option(fc.constantFrom(0, -0, 1.5, Number.NaN), { freq: 5 }),
  fc.option(fc.integer({ min: -20, max: 60 }).map(at), { freq: 5 }),
  fc.option(fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { maxLength: 3 }), { freq: 5 }),
);
const batches = fc.array(fc.array(row, { maxLength: 6 }), { minLength: 1, maxLength: 3 });

const queries: readonly (readonly [string, 'append' | 'update' | 'complete', BuildQuery])[] = [
  [
    'filters and computes',
    'append',
    ({ events }) => events.where('v > 0 OR k IS NULL').select('k', expr('v * 2 + 1').alias('w')),
  ],
  [
    'puts structs together and takes them apart',
    'append',
    ({ events }) =>
      events.select(F.struct('k', 'v').alias('s'), 'd').select('s', 's.v', col('s').getField('k').alias('x'), 'd'),
  ],
  [
    'uses one field of a struct only',
    'append',
    ({ events }) =>
      events
        .select(F.struct('k', expr('v + 1').alias('w')).alias('s'))
        .where('s.w > 1')
        .select('s.k'),
  ],
  ['explodes', 'append', ({ events }) => events.select('k', F.explode('arr').alias('x')).where('x < 3')],
  [
    'explodes with a row for nothing',
    'append',
    ({ events }) => events.select('v', F.posexplodeOuter('arr').alias('p', 'x')),
  ],
  [
    'gives windows as columns',
    'append',
    ({ events }) =>
      events.select(F.window('ts', '7 seconds', '3 seconds', '1 second').alias('w'), 'v').select('w', 'w.end', 'v'),
  ],
  [
    'unites what two branches give',
    'append',
    ({ events }) =>
      events
        .where('v > 2')
        .select('k', 'v')
        .union(events.where('v < 0').select('k', expr('v * 10'))),
  ],
  [
    'groups by a double, by null and by text',
    'update',
    ({ events }) => events.groupBy('d', 'k').agg(F.count('*').alias('n'), F.sum('v').alias('s'), F.avg('d').alias('a')),
  ],
  ['groups by an array', 'update', ({ events }) => events.groupBy('arr').agg(F.min('v'), F.max('k'))],
  [
    'groups by a struct that may be null',
    'update',
    ({ events }) => events.groupBy(F.when(col('v').gt(0), F.struct('k', 'v')).alias('s')).count(),
  ],
  [
    'groups by windows that slide',
    'complete',
    ({ events }) => events.groupBy(F.window('ts', '10 seconds', '4 seconds'), 'k').agg(F.count('v').alias('n')),
  ],
  ['groups by one column', 'complete', ({ events }) => events.groupBy('k').agg(F.collectList('v').alias('l'))],
  [
    'groups without keys',
    'complete',
    ({ events }) => events.groupBy().agg(expr('count(*) FILTER (WHERE v > 1)').alias('n')),
  ],
  ['rolls up', 'complete', ({ events }) => events.rollup('k', expr('v % 2').alias('p')).count()],
  [
    'looks up static rows',
    'append',
    ({ events }, spark) =>
      events
        .join(
          spark.createDataFrame(
            [
              ['a', 1],
              ['a', 2],
              [null, 3],
            ],
            'k STRING, x INT',
          ),
          'k',
          'left',
        )
        .select('k', 'v', 'x'),
  ],
  [
    'looks up static rows by two keys',
    'append',
    ({ events }, spark) =>
      events.join(
        spark.createDataFrame(
          [
            ['a', 1],
            ['b', 2],
          ],
          'k STRING, v INT',
        ),
        ['k', 'v'],
        'left_anti',
      ),
  ],
  [
    'computes with functions of the program',
    'append',
    ({ events }, spark) => {
      spark.udf.register('twice', (v: unknown) => (v === null ? null : (v as number) * 2), 'int');
      return events.select(expr('twice(v)').alias('t'));
    },
  ],
];

/** Code that does not parse would be interpreted, and nobody would notice. */
const made = { count: 0, failures: [] as unknown[] };
const PlatformFunction = globalThis.Function;

beforeAll(() => {
  globalThis.Function = new Proxy(PlatformFunction, {
    construct(target, args) {
      try {
        made.count += 1;
        return Reflect.construct(target, args) as object;
      } catch (error) {
        made.failures.push(error);
        throw error;
      }
    },
  });
});

afterAll(() => {
  globalThis.Function = PlatformFunction;
});

describe('generated code gives what the interpreter gives', () => {
  it.each(queries)('%s', (_, mode, query) => {
    fc.assert(
      fc.property(batches, (input) => {
        const [a, b] = [true, false].map(
          (mayGenerate) => new QueryBench({ streams: { events: ddl }, mode, mayGenerate, query }),
        ) as [QueryBench, QueryBench];
        for (const rows of input) {
          const given = a.batch({ events: rows });
          expect(b.batch({ events: rows })).toEqual(given);
        }
        a.close();
        b.close();
      }),
      { numRuns: 8 },
    );
  });
});

function one(query: BuildQuery, rows: readonly InternalRow[], schema = ddl, mayGenerate = true): BenchBatch {
  const bench = new QueryBench({ streams: { events: schema }, mode: 'update', mayGenerate, query });
  const result = bench.batch({ events: rows });
  bench.close();
  return result;
}

const json: BuildQuery = ({ events }) =>
  events
    .select(F.fromJson(col('value').cast('string'), 'id INT, name STRING, at TIMESTAMP, tags ARRAY<STRING>').alias('e'))
    .select('e.id', 'e.name', 'e.at')
    .where('id IS NULL OR id <> 3');

const wholeJson: BuildQuery = ({ events }) =>
  events
    .select(F.fromJson(col('value').cast('string'), 'id INT').alias('e'), 'value')
    .select('e', 'e.id', expr('length(value)').alias('n'));

const everyField: BuildQuery = ({ events }) =>
  events
    .select(F.fromJson(col('value').cast('string'), documentSchema).alias('e'))
    .where("e.s IS NULL OR e.s <> '\"'")
    .select('e.s', 'e.i', 'e.l', 'e.d', 'e.b', 'e.t', 'e.nested');

it('reads the same from blocks of JSON as the interpreted plan does', () => {
  const record = fc.oneof(document.map(utf8Bytes), spoiltDocument, fc.constant(null));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
      const rows = records.map((bytes) => [bytes]);
      expect(one(everyField, rows, 'value BINARY', true)).toEqual(one(everyField, rows, 'value BINARY', false));
    }),
    { numRuns: 60 },
  );
});

describe('texts of JSON that are only compared', () => {
  const names = ['', 'a', 'abc', 'abcd', 'abcdefgh', 'größe', '\ufffd', '"', 'none'];
  const joined: BuildQuery = ({ events }, spark) =>
    events
      .select(F.fromJson(col('value').cast('string'), 'k STRING, kind STRING').alias('e'))
      .where("e.kind = 'view' AND e.k IS NOT NULL OR 'größe' = e.kind")
      .select('e.k')
      .join(
        spark.createDataFrame(
          names.slice(0, -1).flatMap((k, i) => [
            { k, label: `l${i % 2}` },
            { k, label: 'twice' },
          ]),
          'k STRING, label STRING',
        ),
        'k',
      )
      .groupBy('label')
      .agg(F.count('*').alias('n'), F.max('k').alias('last'));
  const member = fc.oneof(
    fc.constantFrom(...names).map((name) => JSON.stringify(name)),
    fc.constantFrom('null', '"\\u0061"', '1', '"view"'),
  );
  const record = fc
    .tuple(member, fc.constantFrom('"view"', '"click"', '"größe"', 'null', '"vi\\u0065w"'))
    .map(([k, kind]) => utf8Bytes(`{"k":${k},"kind":${kind}}`));
  // A byte that is no UTF-8 becomes U+FFFD, which is a key.
  const broken = fc.constant(Uint8Array.from([...utf8Bytes('{"kind":"view","k":"'), 0xff, ...utf8Bytes('"}')]));

  it('find the rows of a static table, and pass filters, as the interpreted plan has it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: record }, broken), { maxLength: 12 }), (records) => {
        const rows = records.map((bytes) => [bytes]);
        const [generated, interpreted] = [true, false].map(
          (mayGenerate) => one(joined, rows, 'value BINARY', mayGenerate).output,
        );
        expect(generated).toEqual(interpreted);
      }),
      { numRuns: 100 },
    );
  });
});

describe.each([true, false])('generated: %s', (mayGenerate) => {
  it('parses JSON of byte columns, the unusual too', () => {
    const texts = [
      '{"id":1,"name":"a","at":"2024-01-01T00:00:00Z","tags":["x"]}',
      '{"id":"2","name":1.50,"at":"2024-01-01 00:00:01"}',
      '{"id":3}',
      'no json',
      '',
      '{"name":"\\u00e9","name":"last"}',
    ];
    const rows: InternalRow[] = [...texts.map((text) => [utf8Bytes(text)]), [null]];
    expect(one(json, rows, 'value BINARY', mayGenerate).output).toEqual([
      { id: 1, name: 'a', at: Date.UTC(2024, 0, 1) },
      { id: null, name: '1.5', at: Date.UTC(2024, 0, 1, 0, 0, 1) },
      { id: null, name: null, at: null },
      { id: null, name: null, at: null },
      { id: null, name: 'last', at: null },
      { id: null, name: null, at: null },
    ]);
  });

  it('gives the parsed struct and the bytes as a whole where they are asked for', () => {
    expect(one(wholeJson, [[utf8Bytes('{"id":7}')], [null]], 'value BINARY', mayGenerate).output).toEqual([
      { e: { id: 7 }, id: 7, n: 8 },
      { e: null, id: null, n: null },
    ]);
  });

  it('parses a text once where several expressions take fields of it', () => {
    const parsed = "from_json(CAST(value AS STRING), 'id INT, name STRING')";
    const query: BuildQuery = ({ events }) =>
      events
        .where(`${parsed}.id > 1`)
        .select(
          expr(`${parsed}.id`).alias('id'),
          expr(`upper(${parsed}.name)`).alias('name'),
          expr(`${parsed}.id + 1`).alias('next'),
        );
    const texts = ['{"id":1,"name":"a"}', '{"id":2,"name":"b"}', '{"id":"3","name":"c"}', '{"id":4,"name":5}'];
    expect(
      one(
        query,
        texts.map((text) => [utf8Bytes(text)]),
        'value BINARY',
        mayGenerate,
      ).output,
    ).toEqual([
      { id: 2, name: 'B', next: 3 },
      { id: 4, name: '5', next: 5 },
    ]);
  });

  it('takes -0 and 0 as one group, NaN as one, null as one', () => {
    const values = [0, -0, Number.NaN, Number.NaN, null, null, 1];
    const { output } = one(
      ({ events }) => events.groupBy('d').count(),
      values.map((d) => [null, null, d, null, null]),
      ddl,
      mayGenerate,
    );
    expect(output.map(({ d, count }) => `${String(d)} ${String(count)}`)).toEqual(['0 2', 'NaN 2', 'null 2', '1 1']);
    expect(output.every(({ d }) => !Object.is(d, -0))).toBe(true);
  });

  it('keeps hostile names and literals out of the code', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
        fc.string({ unit: 'binary', maxLength: 10 }),
        (name, text) => {
          const query: BuildQuery = ({ events }) =>
            events
              .select(col('k').alias(name), F.lit(text).alias('text'))
              .select(F.struct(F.col('text'), F.lit(name).alias('n')).alias('s'))
              .groupBy('s')
              .count();
          expect(one(query, [['a', 1, 1, 0, null]], ddl, mayGenerate).output).toEqual([
            { s: { text, n: name }, count: 1 },
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each<readonly [string, BuildQuery, string, Record<string, unknown>]>([
    [
      'a function of the program that throws',
      ({ events }, spark) => {
        spark.udf.register(
          'picky',
          (v: unknown) => {
            if (v === 5) throw new TypeError('five');
            return v;
          },
          'int',
        );
        return events.select('k', expr('picky(v)').alias('picked'));
      },
      'QUERY_UDF_FAILED',
      { operator: 'project', column: 'picked', topic: 't', partition: 0, offset: 101 },
    ],
    [
      'a cast that cannot be',
      ({ events }) => events.where('CAST(k AS INT) > 0 OR v = 4'),
      'CAST_INVALID_INPUT',
      { operator: 'filter', offset: 100 },
    ],
    [
      'a division in an aggregate',
      ({ events }) => events.groupBy('k').agg(F.sum(expr('1 / (v - 5)')).alias('q')),
      'DIVIDE_BY_ZERO',
      { operator: 'aggregate', column: 'q', offset: 101 },
    ],
  ])('says where the row came from: %s', (_, query, code, where) => {
    let error: unknown;
    try {
      one(
        query,
        [
          ['a', 4, 1, 0, null],
          ['b', 5, 1, 0, null],
        ],
        ddl,
        mayGenerate,
      );
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(MillraceError);
    expect((error as MillraceError).code).toBe(code);
    expect((error as MillraceError).where).toMatchObject(where);
  });

  it('observes metrics beside the rows', () => {
    const bench = new QueryBench({
      streams: { events: ddl },
      mayGenerate,
      query: ({ events }) =>
        events.observe('seen', F.count(F.lit(1)).alias('n'), expr('sum(v) / count(v)').alias('mean')).where('v > 1'),
    });
    bench.batch({
      events: [
        ['a', 1, 1, 0, null],
        ['b', 3, 1, 0, null],
      ],
    });
    expect(bench.compiled.observed()).toEqual({ seen: { n: 2, mean: 2 } });
    bench.batch();
    expect(bench.compiled.observed()).toEqual({ seen: { n: 0, mean: null } });
    bench.close();
  });
});

it('reads only the columns that the query needs', () => {
  const bench = new QueryBench({
    streams: { events: ddl },
    query: ({ events }) => events.where('v > 1').select(expr("k || 'x'").alias('y')),
  });
  expect([...(bench.compiled.sources[0]?.columns ?? [])].toSorted()).toEqual(['k', 'v']);
  bench.close();
});

it('counts distinct values of static data', async () => {
  const spark = new Session();
  const rows = [
    ['a', 1],
    ['a', 1],
    ['a', 2],
    ['a', null],
    ['b', -0],
    ['b', 0],
  ];
  const given = await spark
    .createDataFrame(rows, 'k STRING, v DOUBLE')
    .groupBy('k')
    .agg(F.countDistinct('v').alias('d'), F.sumDistinct('v').alias('s'), F.count('*').alias('n'))
    .collect();
  expect(sorted(given)).toEqual(
    sorted([
      { k: 'a', d: 2, s: 3, n: 4 },
      { k: 'b', d: 1, s: 0, n: 2 },
    ]),
  );
});

it('interprets where the platform forbids generated code', () => {
  const allowed = globalThis.Function;
  globalThis.Function = new Proxy(PlatformFunction, {
    construct() {
      throw new EvalError('Code generation from strings disallowed for this context');
    },
  });
  try {
    const { output } = one(
      ({ events }) => events.groupBy('k').agg(F.sum('v').alias('s')),
      [
        ['a', 1, 1, 0, null],
        ['a', 2, 1, 0, null],
      ],
    );
    expect(output).toEqual([{ k: 'a', s: 3 }]);
  } finally {
    globalThis.Function = allowed;
  }
});

it('made no code that the platform refused to parse', () => {
  expect(made.failures).toEqual([]);
  expect(made.count).toBeGreaterThan(100);
});
