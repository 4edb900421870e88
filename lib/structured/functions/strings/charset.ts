import { raise } from '../../../kernel/errors.ts';

const utf8Encoder = new TextEncoder();
const charsets = new Set(['US-ASCII', 'ISO-8859-1', 'UTF-8', 'UTF-16BE', 'UTF-16LE', 'UTF-16', 'UTF-32']);

function checked(functionName: string, charset: string): string {
  const name = charset.toUpperCase();
  return charsets.has(name) ? name : raise('INVALID_PARAMETER_VALUE.CHARSET', { function: functionName, charset });
}

/** The bytes of a text in one of the charsets that Spark allows. A character that the charset lacks is an error. */
export function encodeText(text: string, charset: string): Uint8Array {
  const name = checked('encode', charset);
  switch (name) {
    case 'UTF-8':
      return utf8Encoder.encode(text);
    case 'UTF-16BE':
      return units(text, false, false);
    case 'UTF-16LE':
      return units(text, true, false);
    case 'UTF-16':
      // Java writes no mark in front of nothing.
      return units(text, false, text !== '');
    case 'UTF-32': {
      const points = Array.from(text, (char) => char.codePointAt(0) as number);
      const bytes = new Uint8Array(points.length * 4);
      const view = new DataView(bytes.buffer);
      points.forEach((point, i) => view.setUint32(i * 4, point));
      return bytes;
    }
    default: {
      const limit = name === 'US-ASCII' ? 0x7f : 0xff;
      return Uint8Array.from(Array.from(text), (char) => {
        const point = char.codePointAt(0) as number;
        return point <= limit ? point : raise('MALFORMED_CHARACTER_CODING', { function: 'encode', charset });
      });
    }
  }
}

function units(text: string, isLittle: boolean, hasMark: boolean): Uint8Array {
  const start = hasMark ? 2 : 0;
  const bytes = new Uint8Array(start + text.length * 2);
  const view = new DataView(bytes.buffer);
  if (hasMark) view.setUint16(0, 0xfeff);
  for (let i = 0; i < text.length; i++) view.setUint16(start + i * 2, text.charCodeAt(i), isLittle);
  return bytes;
}

/** The text of bytes in a charset. Bytes that do not fit are an error. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const name = checked('decode', charset);
  const malformed = (): never => raise('MALFORMED_CHARACTER_CODING', { function: 'decode', charset });
  switch (name) {
    case 'UTF-8':
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return malformed();
      }
    case 'UTF-16':
    case 'UTF-16BE':
    case 'UTF-16LE': {
      if (bytes.length % 2 !== 0) return malformed();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const hasMark = name === 'UTF-16' && bytes.length >= 2 && [0xfeff, 0xfffe].includes(view.getUint16(0));
      const isLittle = name === 'UTF-16LE' || (hasMark && view.getUint16(0) === 0xfffe);
      let text = '';
      for (let i = hasMark ? 2 : 0; i < bytes.length; i += 2) text += String.fromCharCode(view.getUint16(i, isLittle));
      return text;
    }
    case 'UTF-32': {
      if (bytes.length % 4 !== 0) return malformed();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let text = '';
      for (let i = 0; i < bytes.length; i += 4) {
        const point = view.getUint32(i);
        text += point <= 0x10ffff ? String.fromCodePoint(point) : malformed();
      }
      return text;
    }
    default: {
      let text = '';
      for (const byte of bytes)
        text += byte <= 0x7f || name === 'ISO-8859-1' ? String.fromCodePoint(byte) : malformed();
      return text;
    }
  }
}
