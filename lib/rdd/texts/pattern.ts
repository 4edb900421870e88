const encoder = new TextEncoder();

/**
 * The bytes to look for in place of a text, undefined where that is not the same. Bytes that are no UTF-8 become U+FFFD in a text and half
 * a surrogate pair has no bytes: a text with one of these two has to be looked for in texts.
 */
export function patternOf(text: string): Uint8Array | undefined {
  const pattern = encoder.encode(text);
  // Half a pair is encoded as U+FFFD, too.
  for (let at = 0; at + 2 < pattern.length; at++) {
    if (pattern[at] === 0xef && pattern[at + 1] === 0xbf && pattern[at + 2] === 0xbd) return undefined;
  }
  return pattern;
}
