import { describe, expect, it } from '@jest/globals';
import { anything, array, assert, asyncProperty } from 'fast-check';
import { buffersOf, pack, type Packed, unpack, Unsendable } from '../../lib/rdd/packed.ts';

/** What arrives in another thread. */
async function sent(values: readonly unknown[]): Promise<unknown[]> {
  const packed = pack(values);
  if (packed instanceof Unsendable) return [packed.what];
  const arrived: unknown[] = [];
  await unpack(structuredClone(packed, { transfer: buffersOf(packed) }), (value) => arrived.push(value));
  return arrived;
}

function kindOf(values: readonly unknown[]): string {
  const packed = pack(values) as Packed;
  return packed.kind === 'pairs' ? `${packed.keys.kind} to ${packed.values.kind}` : packed.kind;
}

describe('values that cross threads', () => {
  it.each([
    ['numbers', [1, -0, Number.NaN, Number.NEGATIVE_INFINITY], 'numbers'],
    ['texts', ['a', '', 'ä😀', '\uD800'], 'texts'],
    [
      'pairs',
      [
        ['a', 1],
        ['b', 2],
      ],
      'texts to numbers',
    ],
    [
      'pairs of pairs',
      [
        ['a', [1, 'x']],
        ['b', [2, 'y']],
      ],
      'texts to pairs',
    ],
    [
      'pairs of many kinds',
      [
        ['a', 1],
        [2, null],
      ],
      'others to others',
    ],
    ['lists of other lengths', [['a', 1], ['b']], 'others'],
    ['many kinds', [1, 'a', null, undefined, true, 10n ** 30n], 'others'],
    ['objects', [{ a: [1, { b: new Date(5) }] }, { a: new Map([[1, new Set([2])]]) }], 'others'],
    ['bytes', [new Uint8Array([1, 2])], 'others'],
    ['nothing', [], 'others'],
  ])('arrive as they are: %s', async (_, values, kind) => {
    expect(kindOf(values)).toBe(kind);
    expect(await sent(values)).toEqual(values);
  });

  it('arrive as they are, whatever they are', async () => {
    await assert(
      asyncProperty(array(anything({ withBigInt: true, withMap: true, withSet: true })), async (values) => {
        const packed = pack(values);
        if (packed instanceof Unsendable) return;
        expect(await sent(values)).toEqual(values);
      }),
    );
  });

  it.each([
    ['an instance of a class', new URL('http://a/'), 'an instance of URL'],
    ['a Buffer, which would come as bytes', Buffer.from('a'), 'an instance of Buffer'],
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('a'), 'a symbol'],
    ['what is within', { a: [new Map([['k', Promise.resolve()]])] }, 'an instance of Promise'],
    ['an object without a prototype', Object.create(null), 'an instance of a class'],
  ])('are left where they are: %s', async (_, value, what) => {
    expect(await sent([value])).toEqual([what]);
    expect(await sent([['key', value]])).toEqual([what]);
  });

  it('that hold themselves arrive so', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const [arrived] = (await sent([loop])) as [Record<string, unknown>];
    expect(arrived['self']).toBe(arrived);
  });
});
