import { afterEach, describe, expect, it } from '@jest/globals';
import { host, installHost } from '../../../lib/io/host.ts';
import { bench } from './bench.ts';

const machine = host();

afterEach(() => {
  installHost(machine);
});

/** What is said while a query of a session is started, runs a batch and stops. */
async function warnings(config: Readonly<Record<string, string>>, name?: string): Promise<readonly string[]> {
  const said: string[] = [];
  installHost({ ...machine, warn: (text) => said.push(text) });
  const { stream } = bench(config);
  const events = stream('k STRING');
  const writer = events.toDF().groupBy('k').count().writeStream.outputMode('update').format('noop');
  const query = await (name === undefined ? writer : writer.queryName(name)).start();
  for (const k of ['a', 'b']) {
    events.addData([k]);
    await query.processAllAvailable();
  }
  await query.stop();
  return said.map((text) => /^\[(\w+)\]/u.exec(text)?.[1] ?? text);
}

describe('a query says once, when it starts', () => {
  const root = { 'spark.sql.streaming.checkpointLocation': 'memory:root' };
  it.each([
    ['what never shrinks', {}, undefined, ['QUERY_STATE_NEVER_SHRINKS']],
    [
      'that no later start finds its checkpoint',
      root,
      undefined,
      ['QUERY_STATE_NEVER_SHRINKS', 'QUERY_UNNAMED_CHECKPOINT'],
    ],
    ['nothing of the checkpoint of a query with a name', root, 'mine', ['QUERY_STATE_NEVER_SHRINKS']],
  ])('%s', async (_, config, name, codes) => {
    expect(await warnings(config, name)).toEqual(codes);
  });
});
