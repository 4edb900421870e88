import { messageOf, raise } from '../../kernel/errors.ts';

/** Makes a value of bytes; the bytes are a view, to be copied if they are kept. Null (no key, a tombstone) stays null. */
type DeserializeFunction = (bytes: Uint8Array) => unknown;

/** How keys or values are read: a format by name, or a function. */
export type Deserialize = 'utf8' | 'json' | 'buffer' | DeserializeFunction;

/** A deserializer that is ready to use; a function knows no shortcut for texts. */
export type Reading =
  | { readonly from: 'text'; readonly isJson: boolean }
  | { readonly from: 'bytes'; read(bytes: Buffer): unknown };

export function readingOf(format: Deserialize, part: 'key' | 'value'): Reading {
  if (format === 'utf8') return { from: 'text', isJson: false };
  if (format === 'json') return { from: 'text', isJson: true };
  // A copy: a view would keep megabytes alive for one record.
  if (format === 'buffer') return { from: 'bytes', read: (bytes) => Buffer.from(bytes) };
  return {
    from: 'bytes',
    read: (bytes) => {
      try {
        return format(bytes);
      } catch (error) {
        return raise(
          'KAFKA_DESERIALIZE',
          { part, format: 'the function given', reason: messageOf(error) },
          { cause: error },
        );
      }
    },
  };
}

/** The text of the bytes and nothing else. */
export function isPlainText(reading: Reading): boolean {
  return reading.from === 'text' && !reading.isJson;
}

export function parseJson(text: string, part: 'key' | 'value'): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return raise('KAFKA_DESERIALIZE', { part, format: 'JSON', reason: messageOf(error) }, { cause: error });
  }
}
