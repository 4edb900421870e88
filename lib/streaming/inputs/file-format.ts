import { host } from '../../io/host.ts';
import { textLines } from '../../io/text-lines.ts';
import { messageOf, raise } from '../../kernel/errors.ts';

/** How a file becomes records: groups of them, in order, as the file is read. */
export type FileFormat<T> = (path: string) => AsyncIterable<readonly T[]>;

/** Lines of text in UTF-8; of a file that is packed (`.gz`), those of what is in it. */
export function textFormat(path: string): AsyncIterable<readonly string[]> {
  return textLines(host().files.unpackedChunks(path));
}

/** Records of a fixed number of bytes. A file that ends in the middle of one is refused. */
export function fixedLengthFormat(length: number): FileFormat<Uint8Array> {
  return async function* fixedLength(path) {
    let rest: Uint8Array = new Uint8Array(0);
    let sizeBytes = 0;
    for await (const chunk of host().files.chunks(path)) {
      sizeBytes += chunk.length;
      const bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
      const whole = bytes.length - (bytes.length % length);
      const records: Uint8Array[] = [];
      // Copies: a record that is kept must not keep the piece of the file alive.
      for (let at = 0; at < whole; at += length) records.push(bytes.slice(at, at + length));
      if (records.length > 0) yield records;
      rest = bytes.slice(whole);
    }
    if (rest.length > 0) raise('SOURCE_FILE_RECORD_LENGTH', { path, size: sizeBytes, length, rest: rest.length });
  };
}

/** What a function of the program makes of a whole file. */
export function parsedFormat<T>(parse: (bytes: Uint8Array, path: string) => Iterable<T>): FileFormat<T> {
  return async function* parsed(path) {
    const bytes = await host().files.readBytes(path);
    try {
      yield [...parse(bytes, path)];
    } catch (error) {
      raise('STREAM_FUNCTION_FAILED', { reason: messageOf(error) }, { cause: error });
    }
  };
}
