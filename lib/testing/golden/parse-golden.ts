/**
 * The content of a golden file. Integers that JavaScript's numbers cannot hold become texts, as the files write them elsewhere.
 *
 * @example
 * parseGolden('{"l": 9223372036854775806}')   // => { l: '9223372036854775806' }
 */
export function parseGolden(text: string): unknown {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gsu;
  return JSON.parse(
    text.replaceAll(tokens, (token) =>
      /^-?\d{16,}$/u.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    ),
  ) as unknown;
}
