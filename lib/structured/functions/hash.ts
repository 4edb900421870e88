import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { raise } from '../../kernel/errors.ts';
import type { InternalValue } from '../types/data-type.ts';
import { toLong } from '../types/long.ts';
import { hasMap } from './collections/define.ts';
import type { BindSite, FunctionDefinition } from './define-function.ts';
import { murmur3Of, xxHash64Of } from './hashes/value-hash.ts';
import { scalarsOf } from './scalar.ts';
import { hexOfBytes } from './strings/encodings.ts';

const define = scalarsOf('hash');

function digest(hash: (bytes: Uint8Array) => Uint8Array): (bytes: Uint8Array) => string {
  return (bytes) => hexOfBytes(hash(bytes)).toLowerCase();
}

const sha2: ReadonlyMap<number, (bytes: Uint8Array) => string> = new Map([
  [0, digest(sha256)],
  [224, digest(sha224)],
  [256, digest(sha256)],
  [384, digest(sha384)],
  [512, digest(sha512)],
]);

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The hash of several values: each begins with the hash of those before, the first with 42. */
function hashes({ args }: BindSite): (...values: readonly InternalValue[]) => number {
  const parts = args.map(({ type }) => murmur3Of(type));
  return (...values) => parts.reduce((seed, part, i) => part(values[i] ?? null, seed), 42);
}

function longHashes({ args }: BindSite): (...values: readonly InternalValue[]) => InternalValue {
  const parts = args.map(({ type }) => xxHash64Of(type));
  return (...values) =>
    toLong(
      BigInt.asIntN(
        64,
        parts.reduce((seed, part, i) => part(values[i] ?? null, seed), 42n),
      ),
    );
}

/** Equal maps may hold their entries in another order, so that a hash of one would say nothing. */
function withoutMaps(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      if (args.some(({ type }) => hasMap(type))) {
        raise('DATATYPE_MISMATCH.HASH_MAP_TYPE', { functionName: definition.name });
      }
      return definition.resolve(args, site);
    },
  };
}

export const hashFunctions: readonly FunctionDefinition[] = [
  define(
    'md5',
    ['binary'],
    'string',
    {
      summary: 'MD5 as hexadecimal digits.',
      usage: 'md5(expr)',
      examples: [["md5('Spark')", '8cde774d6f7333752ed72cacddb05126']],
    },
    digest(md5),
  ),
  define(
    'sha1',
    ['binary'],
    'string',
    {
      summary: 'SHA-1 as hexadecimal digits.',
      usage: 'sha1(expr)',
      examples: [["sha1('Spark')", '85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c']],
      aliases: ['sha'],
    },
    digest(sha1),
  ),
  define(
    'sha2',
    ['binary', 'int'],
    'string',
    {
      summary: 'SHA-2 of 224, 256 (or 0), 384 or 512 bits as hexadecimal digits; null for other lengths.',
      usage: 'sha2(expr, bitLength)',
      examples: [["sha2('Spark', 256)", '529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b']],
    },
    (bytes: Uint8Array, bits: number) => sha2.get(bits)?.(bytes) ?? null,
    { nullable: true },
  ),
  define(
    'crc32',
    ['binary'],
    'bigint',
    { summary: 'The cyclic redundancy check.', usage: 'crc32(expr)', examples: [["crc32('Spark')", '1557323817']] },
    crc32,
  ),
  withoutMaps(
    define(
      'hash',
      ['any', 'any...'],
      'int',
      {
        summary: "Spark's Murmur3 of the values, seed 42.",
        usage: 'hash(expr, ...)',
        examples: [["hash('Spark', array(123), 2)", '-1321691492']],
      },
      { bind: hashes },
      { nullable: false, seesNulls: true },
    ),
  ),
  withoutMaps(
    define(
      'xxhash64',
      ['any', 'any...'],
      'bigint',
      {
        summary: "Spark's xxHash64 of the values, seed 42.",
        usage: 'xxhash64(expr, ...)',
        examples: [["xxhash64('Spark', array(123), 2)", '5602566077635097486']],
      },
      { bind: longHashes },
      { nullable: false, seesNulls: true },
    ),
  ),
];
