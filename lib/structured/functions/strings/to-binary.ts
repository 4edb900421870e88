import { raise } from '../../../kernel/errors.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf } from '../signatures.ts';
import { bytesOfHex, strictBase64 } from './encodings.ts';
import { utf8Bytes } from '../../types/utf8.ts';

const define = scalarsOf('string');

type Read = (text: string) => Uint8Array | undefined;

const readers: Readonly<Record<string, Read>> = {
  hex: (text) => bytesOfHex(text) ?? undefined,
  base64: strictBase64,
  'utf-8': utf8Bytes,
  utf8: utf8Bytes,
};

function toBinary(name: string, isTry: boolean, examples: FunctionDefinition['examples']): FunctionDefinition {
  return define(
    name,
    ['string', 'string?'],
    'binary',
    {
      summary: `The bytes of a text in hex (the default), base64 or utf-8${isTry ? '; null for a text that is none' : ''}.`,
      usage: `${name}(str[, fmt])`,
      examples,
    },
    {
      bind({ args }) {
        const format = constantOf(name, args, 1);
        if (format === null) return () => null;
        const read = readers[typeof format === 'string' ? format.toLowerCase() : 'hex'];
        if (read === undefined && isTry) return () => null;
        if (read === undefined) {
          return raise('DATATYPE_MISMATCH.INVALID_ARG_VALUE', {
            function: name,
            argument: 'fmt',
            required: 'hex, base64, utf-8 or utf8',
            actual: format as string,
          });
        }
        return (text: string) => {
          const bytes = read(text);
          if (bytes !== undefined) return bytes;
          return isTry
            ? null
            : raise('CONVERSION_INVALID_INPUT', {
                value: text.slice(0, 100),
                type: 'BINARY',
                suggestion: 'try_to_binary',
              });
        };
      },
    },
    { nullable: true },
  );
}

export const binaryFunctions: readonly FunctionDefinition[] = [
  toBinary('to_binary', false, [["hex(to_binary('abc', 'utf-8'))", '616263']]),
  toBinary('try_to_binary', true, [["try_to_binary('a!', 'base64')", 'NULL']]),
];
