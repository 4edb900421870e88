import { afterEach, describe, expect, it } from '@jest/globals';
import { expr } from '../../../lib/functions.ts';
import { host, installHost } from '../../../lib/io/host.ts';
import { FakeHost } from '../../streaming/inputs/fake-host.ts';
import { bench } from '../query/bench.ts';

const machine = host();
afterEach(() => {
  installHost(machine);
});

describe('toLocalIterator', () => {
  it('reads no further than its rows are taken', async () => {
    const memory = new FakeHost();
    const opened: string[] = [];
    installHost({
      ...machine,
      files: {
        ...memory.files,
        chunks: (path) => {
          opened.push(path);
          return memory.files.chunks(path);
        },
      },
    });
    for (const name of ['a', 'b', 'c']) memory.put(`/in/${name}.json`, '{"v":1}\n{"v":2}\n', 0);
    const { spark } = bench();
    const seen: unknown[] = [];
    for await (const { v } of spark.read.schema('v INT').json('/in').where('v > 0').toLocalIterator()) {
      seen.push(v);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 1]);
    expect(opened).toEqual(['/in/a.json', '/in/b.json']);
  });

  it('takes some of more rows than there is memory for', async () => {
    const { spark } = bench();
    const seen: unknown[] = [];
    for await (const { id } of spark.range(1_000_000_000_000).where('id % 2 = 1').toLocalIterator()) {
      seen.push(id);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 3, 5]);
  });

  it('gives the rows of what needs all of them, and none of a stream', async () => {
    const { spark, stream } = bench();
    const sorted: unknown[] = [];
    for await (const row of spark.range(3).orderBy(expr('-id')).toLocalIterator()) sorted.push(row['id']);
    expect(sorted).toEqual([2, 1, 0]);
    await expect(stream('v INT').toDF().toLocalIterator().next()).rejects.toMatchObject({
      code: 'QUERY_ACTION_ON_STREAM',
    });
  });
});
