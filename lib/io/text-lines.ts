import { raise } from '../kernel/errors.ts';

/** A longer line means that what comes is no text: it is refused before it fills the memory. */
const maxLineLength = 1 << 26;

/**
 * Cuts bytes in UTF-8 into lines, without their ends: `\n`, `\r\n` or `\r`. A line is given as soon as its end has come; the last one
 * counts also without an end. Bytes that are no UTF-8 become U+FFFD.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let endedInReturn = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    // The second half of a line end that was cut in two.
    if (endedInReturn && text.startsWith('\n')) text = text.slice(1);
    endedInReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/u);
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) raise('SOURCE_LINE_TOO_LONG', { max: maxLineLength });
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
