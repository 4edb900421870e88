import { expect, it } from '@jest/globals';
// A table of files is known by the format, and found through the host, that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../../lib/index.ts';
import { col, expr } from '../../../lib/functions.ts';
import { RowsBlock } from '../../../lib/io/rows-block.ts';
import type { CompiledQuery } from '../../../lib/structured/operators/compiled-query.ts';
import { parseSchema } from '../../../lib/structured/types/ddl.ts';
import { at, QueryBench } from '../operators/query-bench.ts';

type StaticSource = CompiledQuery['sources'][number];

/** A stream joined with a static table, whose text is read as a number, or as a time. */
function joined(type: 'INT' | 'TIMESTAMP'): QueryBench {
  return new QueryBench({
    streams: { left: 'lk INT, lid INT, lt TIMESTAMP' },
    query: ({ left }, spark) => {
      const names = spark.state.frame({
        kind: 'read',
        isStreaming: false,
        format: 'names',
        options: {},
        schema: parseSchema('id INT, text STRING'),
      });
      return left.join(names.select('id', expr(`CAST(text AS ${type}) AS value`)), col('lk').equalTo(col('id')));
    },
  });
}

function prepare(compiled: CompiledQuery, text: string): void {
  const { sourceId } = compiled.sources.find(({ isStreaming }) => !isStreaming) as StaticSource;
  const block = new RowsBlock(['id', 'text'], [[1, text]], (row) => ({ line: row + 1 }));
  compiled.prepare([[sourceId, block]], new Map());
}

const left = [[1, 10, at(0)]];

it('keeps what was prepared for all batches', () => {
  const bench = joined('INT');
  prepare(bench.compiled, '17');
  // Other rows of the table are not looked at any more.
  expect(bench.batch({ left, names: [[1, '18']] }).output).toMatchObject([{ value: 17 }]);
  expect(bench.batch({ left }).output).toMatchObject([{ value: 17 }]);
  bench.close();
});

it('keeps a table of CSV lines too, which a function of its own splits into columns', () => {
  const bench = new QueryBench({
    streams: { left: 'lk INT, lid INT, lt TIMESTAMP' },
    query: ({ left }, spark) => {
      // Nobody reads the files of the folder: their lines are given below.
      const names = spark.read.schema('id INT, text STRING').csv('.');
      return left.join(names, col('lk').equalTo(col('id')));
    },
  });
  const { sourceId } = bench.compiled.sources.find(({ isStreaming }) => !isStreaming) as StaticSource;
  bench.compiled.prepare([[sourceId, new RowsBlock(['value'], [['1,one']], (row) => ({ line: row + 1 }))]], new Map());
  expect(bench.batch({ left, csv: [['1,two']] }).output).toMatchObject([{ text: 'one' }]);
  expect(bench.batch({ left }).output).toMatchObject([{ text: 'one' }]);
  bench.close();
});

it('computes in the batch what depends on its time', () => {
  const bench = joined('TIMESTAMP');
  prepare(bench.compiled, '12:30');
  bench.nowMs = 86_400_000;
  expect(bench.batch({ left, names: [[1, '12:30']] }).output).toMatchObject([{ value: 1.5 * 86_400_000 + 1_800_000 }]);
  bench.close();
});

it('leaves an error to the first batch, which starts from nothing', () => {
  const bench = joined('INT');
  expect(() => {
    prepare(bench.compiled, 'seventeen');
  }).toThrow(expect.objectContaining({ code: 'CAST_INVALID_INPUT' }));
  expect(() => bench.batch({ left, names: [[1, 'seventeen']] })).toThrow(
    expect.objectContaining({ code: 'CAST_INVALID_INPUT' }),
  );
  expect(bench.batch({ left, names: [[1, '17']] }).output).toMatchObject([{ value: 17 }]);
  bench.close();
});
