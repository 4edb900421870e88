import { describe, expect, it } from '@jest/globals';
import { keysOf, keyText, valueText } from '../../../lib/cli/state/value-text.ts';

describe('valueText', () => {
  it.each([
    [{ a: [1, 'x', null, true] }, '{"a":[1,"x",null,true]}'],
    [12n, '"12n"'],
    [[Number.NaN, -Infinity], '["NaN","-Infinity"]'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Date(Number.NaN), '"Invalid Date"'],
    [new Uint8Array([1, 2]), '"base64:AQI="'],
    [new Map<unknown, unknown>([['k', 1n]]), '[["k","1n"]]'],
    [new Set([1, 2]), '[1,2]'],
    [{ deep: { big: 1n } }, '{"deep":{"big":"1n"}}'],
  ])('writes %p as %s', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});

describe('a key', () => {
  it.each<readonly [unknown, string]>([
    ['user-7', 'user-7'],
    ['two words', 'two words'],
    ['7', '"7"'],
    [7, '7'],
    ['null', '"null"'],
    [null, 'null'],
    ['', '""'],
    [' a', '" a"'],
    ['"', '"\\""'],
    ['a\nb', '"a\\nb"'],
    [['eu', 7], '["eu",7]'],
    [{ user: 'a' }, '{"user":"a"}'],
  ])('%p is shown as %s, which finds it again', (key, text) => {
    expect(keyText(key)).toBe(text);
    expect(keysOf(text)).toContainEqual(key);
  });

  it.each<readonly [string, readonly unknown[]]>([
    ['a', ['a']],
    ['7', [7, '7']],
    ['"7"', ['7', '"7"']],
    ['{"a":1}', [{ a: 1 }, '{"a":1}']],
    ['{a:1}', ['{a:1}']],
  ])('%s may mean %j', (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });
});
