import { raise } from '../../kernel/errors.ts';
import { aesDecrypt, aesEncrypt, type AesSettings } from './encryption/aes.ts';
import type { FunctionDefinition } from './define-function.ts';
import { scalarsOf } from './scalar.ts';

const define = scalarsOf('misc');
const none = new Uint8Array(0);

function settingsOf(mode = 'GCM', padding = 'DEFAULT', iv: Uint8Array = none, aad: Uint8Array = none): AesSettings {
  return { mode, padding, iv, aad };
}

function decrypted(input: Uint8Array, key: Uint8Array, mode?: string, padding?: string, aad?: Uint8Array): Uint8Array {
  return (
    aesDecrypt(input, key, settingsOf(mode, padding, none, aad)) ??
    raise('INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR', { functionName: 'aes_decrypt' })
  );
}

/** AES by Spark's modes and paddings. */
export const encryptionFunctions: readonly FunctionDefinition[] = [
  define(
    'aes_encrypt',
    ['binary', 'binary', 'string?', 'string?', 'binary?', 'binary?'],
    'binary',
    {
      summary: 'Bytes encrypted with a key of 16, 24 or 32 bytes; modes GCM (the default), CBC and ECB.',
      usage: 'aes_encrypt(expr, key[, mode[, padding[, iv[, aad]]]])',
      examples: [["base64(aes_encrypt('Spark SQL', '1234567890abcdef', 'ECB', 'PKCS'))", '3lmwu+Mw0H3fi5NDvcu9lg==']],
    },
    (input: Uint8Array, key: Uint8Array, mode?: string, padding?: string, iv?: Uint8Array, aad?: Uint8Array) =>
      aesEncrypt(input, key, settingsOf(mode, padding, iv, aad)),
    { deterministic: false },
  ),
  define(
    'aes_decrypt',
    ['binary', 'binary', 'string?', 'string?', 'binary?'],
    'binary',
    {
      summary: 'What `aes_encrypt` was given; an error for anything that it did not make with this key.',
      usage: 'aes_decrypt(expr, key[, mode[, padding[, aad]]])',
      examples: [
        [
          "CAST(aes_decrypt(unbase64('3lmwu+Mw0H3fi5NDvcu9lg=='), '1234567890abcdef', 'ECB', 'PKCS') AS STRING)",
          'Spark SQL',
        ],
      ],
    },
    decrypted,
  ),
  define(
    'try_aes_decrypt',
    ['binary', 'binary', 'string?', 'string?', 'binary?'],
    'binary',
    {
      summary: 'As `aes_decrypt`, but null where that fails.',
      usage: 'try_aes_decrypt(expr, key[, mode[, padding[, aad]]])',
      examples: [["try_aes_decrypt(unhex('00'), '1234567890abcdef', 'ECB')", 'NULL']],
    },
    (input: Uint8Array, key: Uint8Array, mode?: string, padding?: string, aad?: Uint8Array) =>
      aesDecrypt(input, key, settingsOf(mode, padding, none, aad)) ?? null,
    { nullable: true },
  ),
];
