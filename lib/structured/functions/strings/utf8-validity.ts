import { raise } from '../../../kernel/errors.ts';
import { utf8Text } from '../../types/utf8.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';

const define = scalarsOf('string');
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined when they are no UTF-8. A text of ours always is. */
function textOf(value: string | Uint8Array): string | undefined {
  if (typeof value === 'string') return value;
  try {
    return strict.decode(value);
  } catch {
    return undefined;
  }
}

/** Whether bytes are UTF-8, and what to make of those that are not. A text cannot hold bad bytes here: only binary values can. */
export const utf8Functions: readonly FunctionDefinition[] = [
  define(
    'is_valid_utf8',
    ['stringOrBinary'],
    'boolean',
    {
      summary: 'Whether bytes are valid UTF-8.',
      usage: 'is_valid_utf8(str)',
      examples: [
        ["is_valid_utf8(x'61')", 'true'],
        ["is_valid_utf8(x'80')", 'false'],
      ],
    },
    (value: string | Uint8Array) => textOf(value) !== undefined,
  ),
  define(
    'make_valid_utf8',
    ['stringOrBinary'],
    'string',
    {
      summary: 'The text of bytes in UTF-8; U+FFFD stands for what is invalid.',
      usage: 'make_valid_utf8(str)',
      examples: [["make_valid_utf8(x'6180')", 'a\uFFFD']],
    },
    (value: string | Uint8Array) => (typeof value === 'string' ? value : utf8Text(value)),
  ),
  define(
    'validate_utf8',
    ['stringOrBinary'],
    'string',
    {
      summary: 'The text of bytes in UTF-8; an error when they are not valid.',
      usage: 'validate_utf8(str)',
      examples: [["validate_utf8(x'61')", 'a']],
    },
    (value: string | Uint8Array) =>
      textOf(value) ?? raise('INVALID_UTF8_STRING', { bytes: hexOf(value as Uint8Array) }),
  ),
  define(
    'try_validate_utf8',
    ['stringOrBinary'],
    'string',
    {
      summary: 'The text of bytes in UTF-8; null when they are not valid.',
      usage: 'try_validate_utf8(str)',
      examples: [["try_validate_utf8(x'80')", 'NULL']],
    },
    (value: string | Uint8Array) => textOf(value) ?? null,
    { nullable: true },
  ),
];

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
