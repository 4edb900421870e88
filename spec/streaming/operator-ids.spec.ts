import { describe, expect, it } from '@jest/globals';
import { type DStream, ManualClock, StreamingContext } from '../../lib/index.ts';

const add = (a: number, b: number): number => a + b;

function idsOf(build: (ssc: StreamingContext) => readonly DStream<unknown>[]): string[] {
  const ssc = new StreamingContext({ appName: 'ids', batchInterval: 1000, clock: new ManualClock() });
  return build(ssc).map(({ node }) => ssc.graph.ids.of(node));
}

describe('operator ids', () => {
  it.each<readonly [string, (ssc: StreamingContext) => readonly DStream<unknown>[], string[]]>([
    [
      'are the path of methods from the input',
      (ssc) => [
        ssc
          .queueStream([[1]])
          .map((x) => [x, 1] as const)
          .reduceByKey(add),
      ],
      ['queue/map/reduce-by-key'],
    ],
    ['count later siblings of the same method', (ssc) => pairOf(ssc.queueStream([[1]])), ['queue/map', 'queue/map#2']],
    ['count inputs, too', (ssc) => [ssc.queueStream([[1]]), ssc.queueStream([[1]])], ['queue', 'queue#2']],
    [
      'follow the first input of several',
      (ssc) => [ssc.queueStream([[1]]).union(ssc.queueStream([[1]]).map((x) => x))],
      ['queue/union'],
    ],
    [
      "are the user's where the user names a step",
      (ssc) => pairOf(ssc.queueStream([[1]]).name('orders')),
      ['orders/map', 'orders/map#2'],
    ],
    [
      'are one for a step of several nodes',
      (ssc) => [ssc.queueStream([[1]]).countByWindow(2000, 1000)],
      ['queue/count-by-window'],
    ],
  ])('%s', (_, build, expected) => {
    expect(idsOf(build)).toEqual(expected);
  });

  it('can be given back to a step that moved', () => {
    const ids = idsOf((ssc) => [
      ssc
        .queueStream([[1]])
        .filter(() => true)
        .window(2000)
        .name('queue/window#2'),
    ]);
    expect(ids).toEqual(['queue/window#2']);
  });

  it.each(['', ' ', ' a', 'a ', 'a\nb', 7])('are not %j', (name) => {
    const refused = expect.objectContaining({ code: 'CONFIG_VALUE' });
    expect(() => idsOf((ssc) => [ssc.queueStream([[1]]).name(name as string)])).toThrow(refused);
  });

  it('are not those of another step, by name or by path', async () => {
    const ssc = new StreamingContext({ appName: 'ids', batchInterval: 1000, clock: new ManualClock() });
    const s = ssc.queueStream([[1]]);
    s.window(2000).print();
    const other = s.map((x) => x);
    s.filter(() => true).name('mine');
    expect(() => other.name('mine')).toThrow(expect.objectContaining({ code: 'STREAM_NAME_TAKEN' }));
    other.name('queue/window');
    await expect(ssc.start()).rejects.toMatchObject({ code: 'STREAM_NAME_TAKEN', params: { name: 'queue/window' } });
  });

  it('are not those of a part of another step', async () => {
    const ssc = new StreamingContext({ appName: 'ids', batchInterval: 1000, clock: new ManualClock() });
    const s = ssc.queueStream([['a', 1] as const]).map(() => ['a', 1] as const);
    s.groupByKeyAndWindow(2000).print();
    s.filter(() => true).name('queue/map/group-by-key-and-window#window');
    await expect(ssc.start()).rejects.toMatchObject({ code: 'STREAM_NAME_TAKEN' });
  });

  it('tell the window inside a step from a window behind it', () => {
    const ssc = new StreamingContext({ appName: 'ids', batchInterval: 1000, clock: new ManualClock() });
    const grouped = ssc
      .queueStream([['a', 1] as const])
      .map(() => ['a', 1] as const)
      .groupByKeyAndWindow(2000);
    const [inner] = grouped.node.dependencies;
    const ids = [inner, grouped.window(2000).node].map((node) => node && ssc.graph.ids.of(node));
    expect(ids).toEqual(['queue/map/group-by-key-and-window#window', 'queue/map/group-by-key-and-window/window']);
  });

  it('do not change when a branch is added elsewhere', () => {
    const before = idsOf((ssc) => [
      ssc
        .queueStream([[1]])
        .map((x) => x)
        .window(2000),
    ]);
    const after = idsOf((ssc) => {
      const s = ssc.queueStream([[1]]);
      s.filter(() => true).count();
      return [s.map((x) => x).window(2000)];
    });
    expect(after).toEqual(before);
  });
});

function pairOf(s: DStream<number>): readonly DStream<unknown>[] {
  return [s.map((x) => x), s.map((x) => x)];
}
