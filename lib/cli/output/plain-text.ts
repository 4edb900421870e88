/**
 * Text in which nothing moves the cursor, colours or turns what stands around it: names and keys come from topics, checkpoints and programs.
 * Line ends and tabs stay; other control characters, and those that change the direction of writing, are shown as escapes.
 *
 * @example
 * plainText('a\u001B[2Jb')   // => String.raw`a\u001b[2Jb`
 */
export function plainText(text: string): string {
  return text.replaceAll(
    /\r(?!\n)|[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The same for what has to stay on one line: line ends and tabs are shown, too.
 *
 * @example
 * plainLine('a\nb')   // => String.raw`a\nb`
 */
export function plainLine(text: string): string {
  return plainText(text.replaceAll(/[\u0000-\u001F]/gu, (sign) => JSON.stringify(sign).slice(1, -1)));
}
