import { describe, expect, it } from '@jest/globals';
import { collectPartition } from '../../../lib/rdd/evaluate.ts';
import { type Columns, Exchange, ExchangedNode } from '../../../lib/streaming/threads/exchange.ts';
import type { Stage } from '../../../lib/streaming/threads/messages.ts';

const stage = at('state-1', 1000);

function at(operator: string, time: number): Stage {
  return { operator, time, path: [], side: 'scattered' };
}

function columns(pairs: readonly (readonly [unknown, unknown])[], numbers?: readonly number[]): Columns {
  return {
    keys: pairs.map(([key]) => key),
    ids: undefined,
    values: pairs.map(([, value]) => value),
    ...(numbers === undefined ? {} : { numbers: Int32Array.from(numbers) }),
  };
}

/** What has come to whoever waits, once nothing more happens by itself. */
async function arrived(waiting: Promise<unknown>): Promise<unknown> {
  return await Promise.race([waiting, new Promise((resolve) => setImmediate(resolve, 'nothing yet'))]);
}

describe('Exchange', () => {
  it('gives the pairs of each input partition, to who asks before they come and to who asks afterwards', async () => {
    const exchange = new Exchange();
    const [first, second] = [columns([['a', 1]]), columns([['b', 2]])];
    const ask = (): Promise<unknown> => Promise.all([0, 1].map((partition) => exchange.of(stage).get(partition)));
    const before = ask();
    exchange.put(stage, 1, second);
    expect(await arrived(before)).toBe('nothing yet');
    exchange.put(stage, 0, first);
    expect([await before, await ask()]).toEqual([
      [first, second],
      [first, second],
    ]);
  });

  it('tells who waits, and who asks afterwards, that pairs have failed', async () => {
    const exchange = new Exchange();
    const waiting = exchange.of(stage).get(0);
    exchange.fail(stage, 0, new TypeError('no pairs'));
    await expect(waiting).rejects.toThrow('no pairs');
    await expect(exchange.of(stage).get(0)).rejects.toThrow('no pairs');
    exchange.put(stage, 1, columns([['a', 1]]));
    expect((await exchange.of(stage).get(1))?.keys).toEqual(['a']);
  });

  it.each([
    ['another side of the node', { side: 'moved' as const }],
    ['another step', { operator: 'state-2' }],
    ['another time', { time: 2000 }],
    ['another node of the step', { path: [0] }],
    ['a node further down', { path: [0, 1] }],
  ])('keeps the pairs of %s apart', async (_, other) => {
    const exchange = new Exchange();
    exchange.put({ ...stage, ...other }, 0, columns([['other', 1]]));
    expect(await arrived(exchange.of(stage).get(0))).toBe('nothing yet');
    exchange.put(stage, 0, columns([['own', 1]]));
    expect(await arrived(exchange.of(stage).get(0))).toEqual(columns([['own', 1]]));
    expect(await arrived(exchange.of({ ...stage, ...other }).get(0))).toEqual(columns([['other', 1]]));
  });

  it('forgets the times that nobody holds, of each step, so that the batch can run again', async () => {
    const exchange = new Exchange();
    const stages = ['state-1', 'state-2'].flatMap((operator) => [1000, 2000].map((time) => at(operator, time)));
    for (const each of stages) exchange.put(each, 0, columns([[each.operator, each.time]]));
    exchange.forget((operator, time) => operator === 'state-2' || time > 1000);
    const found = await Promise.all(stages.map((each) => arrived(exchange.of(each).get(0))));
    expect(found).toEqual([
      'nothing yet',
      columns([['state-1', 2000]]),
      columns([['state-2', 1000]]),
      columns([['state-2', 2000]]),
    ]);
    exchange.put(stage, 0, columns([['again', 1]]));
    expect(await arrived(exchange.of(stage).get(0))).toEqual(columns([['again', 1]]));
  });

  it('gives who began to wait nothing of what comes after it was forgotten', async () => {
    const exchange = new Exchange();
    const waiting = exchange.of(stage).get(0);
    exchange.forget(() => false);
    exchange.put(stage, 0, columns([['of another run', 1]]));
    expect(await arrived(waiting)).toBe('nothing yet');
  });
});

describe('ExchangedNode', () => {
  it('gives the pairs of each input partition in their order, and says where each was read', async () => {
    const exchange = new Exchange();
    const node = new ExchangedNode<readonly [string, number]>(3, stage, exchange);
    const pairs = Array.from({ length: 300 }, (_, i) => [`k${i % 7}`, i] as const);
    const collected = [0, 1, 2].map((partition) => collectPartition(node, partition));
    expect(node.elsewhere(0, 0)).toBeUndefined();
    exchange.put(stage, 2, columns([]));
    exchange.put(
      stage,
      1,
      columns(
        pairs,
        pairs.map((_, i) => i * 3 + 1),
      ),
    );
    exchange.put(
      stage,
      0,
      columns([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(await Promise.all(collected)).toEqual([
      [
        ['a', 1],
        ['b', 2],
      ],
      pairs,
      [],
    ]);
    expect(node.elsewhere(1, 4)).toEqual({ operator: 'state-1', time: 1000, path: [], partition: 1, element: 13 });
    // Behind the last one, and where pairs did not come one by one.
    expect([node.elsewhere(1, 300), node.elsewhere(0, 1), node.elsewhere(2, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await collectPartition(node, 1)).toEqual(pairs);
  });

  it('gives numbers that came as bytes', async () => {
    const exchange = new Exchange();
    exchange.put(stage, 0, {
      ...columns([
        ['a', 0],
        ['b', 0],
      ]),
      values: Float64Array.of(-0, 1.5),
    });
    expect(await collectPartition(new ExchangedNode(1, stage, exchange), 0)).toEqual([
      ['a', -0],
      ['b', 1.5],
    ]);
  });
});
