import { afterEach, describe, expect, it } from '@jest/globals';
import { answer } from '../../lib/monitor/rest.ts';
import { markup, type QueryProgram, queryProgram } from './program.ts';

let program: QueryProgram | undefined;

afterEach(async () => {
  await program?.close();
  program = undefined;
});

async function start(lateRows?: number): Promise<QueryProgram> {
  program = await queryProgram({ everyMs: 0, samples: 0, ...(lateRows === undefined ? {} : { lateRows }) });
  await program.batch(['a', 1], ['a', 41]);
  return program;
}

function late({ watched, runId }: QueryProgram, last?: string): unknown {
  const parameters = new URLSearchParams(last === undefined ? {} : { last });
  return answer(watched, `queries/${runId}/late`, parameters);
}

describe('late rows one by one', () => {
  it('are told with event time, watermark, operator, window and key', async () => {
    const one = await start(10);
    expect(late(one)).toEqual([]);
    await one.batch([markup, 2], ['b', 3], ['c', 42]);
    const common = {
      batchId: 2,
      operator: 'aggregate',
      watermarkMs: 1_700_000_036_000,
      window: { startMs: 1_700_000_000_000, endMs: 1_700_000_010_000 },
    };
    expect(late(one)).toEqual([
      {
        ...common,
        eventTimeMs: 1_700_000_002_000,
        key: JSON.stringify({ k: markup }),
        row: JSON.stringify({ k: markup, ts: '2023-11-14T22:13:22.000Z' }),
      },
      {
        ...common,
        eventTimeMs: 1_700_000_003_000,
        key: '{"k":"b"}',
        row: '{"k":"b","ts":"2023-11-14T22:13:23.000Z"}',
      },
    ]);
    expect(late(one, '1')).toMatchObject([{ key: '{"k":"b"}' }]);
  });

  it('are so many of a batch, and the last 200 of the query', async () => {
    const one = await start(120);
    for (let batch = 0; batch < 2; batch++) {
      await one.batch(...Array.from({ length: 150 }, (_, i) => [`k${batch}-${i}`, 2] as const));
    }
    const rows = late(one) as readonly { readonly key: string }[];
    expect(rows).toHaveLength(200);
    expect([rows.at(0)?.key, rows.at(-1)?.key]).toEqual(['{"k":"k0-40"}', '{"k":"k1-119"}']);
    // All are counted.
    expect(answer(one.watched, `queries/${one.runId}/progress`, new URLSearchParams({ last: '1' }))).toMatchObject([
      { state: [{ lateRows: 150 }] },
    ]);
    expect(() => late(one, '201')).toThrow('MONITOR_PARAMETER');
  });

  it('are cut where they are long', async () => {
    const one = await start(10);
    await one.batch(['x'.repeat(10_000), 2]);
    const [row] = late(one) as readonly { readonly key: string; readonly row: string }[];
    expect([row?.key.length, row?.row.length]).toEqual([500, 500]);
  });

  it('are not kept where nobody looks', async () => {
    const one = await start();
    await one.batch(['a', 2]);
    expect(late(one)).toEqual([]);
  });
});
