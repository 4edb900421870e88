import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { textLines } from '../../lib/io/text-lines.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
  yield bytes.subarray(at);
}

async function linesOf(bytes: Uint8Array, sizes: readonly number[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of textLines(chunksOf(bytes, sizes))) lines.push(...some);
  return lines;
}

async function* unfinished(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('a\rb');
  await new Promise(() => undefined);
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield await Promise.resolve(new Uint8Array(1 << 24).fill(97));
}

describe('textLines', () => {
  it.each([
    ['ends lines at \\n, \\r\\n and \\r', 'a\nb\r\nc\rd', [], ['a', 'b', 'c', 'd']],
    ['gives no line behind the last end', 'a\n', [], ['a']],
    ['keeps empty lines', '\n\n', [], ['', '']],
    ['takes a line end that was cut in two as one', 'a\r\nb', [2], ['a', 'b']],
    ['takes only one \\n as the rest of a line end that was cut in two', '\r\n\n', [1, 1], ['', '']],
    ['puts a letter together that was cut in two', 'é\n', [1], ['é']],
    ['takes nothing as no line', '', [0], []],
  ])('%s', async (_, text, sizes, expected) => {
    expect(await linesOf(new TextEncoder().encode(text), sizes)).toEqual(expected);
  });

  it('gives a line as soon as its end has come', async () => {
    const first = await textLines(unfinished()).next();
    expect(first.value).toEqual(['a']);
  });

  it('refuses a line that would fill the memory', async () => {
    await expect(textLines(endless()).next()).rejects.toMatchObject({ code: 'SOURCE_LINE_TOO_LONG' });
  });

  it('gives the same lines wherever the bytes are cut', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r', '\u{1F600}'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(4), { maxLength: 20 }), async (letters, sizes) => {
        const bytes = new TextEncoder().encode(letters.join(''));
        const whole = letters.join('').split(/\r\n|\n|\r/u);
        if (whole.at(-1) === '') whole.pop();
        expect(await linesOf(bytes, sizes)).toEqual(whole);
      }),
    );
  });
});
