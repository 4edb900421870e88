import { decode, encode } from '../kernel/codec.ts';
import { raise } from '../kernel/errors.ts';

/** What a line of version 1 begins with. */
const version = '1:';

/** An element as one line of an object file: the bytes of the codec in base64, after the version of the format. */
export function objectLine(value: unknown): string {
  const bytes = encode(value);
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return version + btoa(text);
}

/** The element of a line that `objectLine` wrote. */
export function objectOfLine(line: string): unknown {
  let bytes: Uint8Array;
  try {
    if (!line.startsWith(version)) throw new SyntaxError('no version');
    bytes = Uint8Array.from(atob(line.slice(version.length)), (character) => character.charCodeAt(0));
  } catch (error) {
    return raise('RDD_OBJECT_LINE', { line: line.slice(0, 40) }, { cause: error });
  }
  return decode(bytes);
}
