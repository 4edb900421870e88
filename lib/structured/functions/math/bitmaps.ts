import type { Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';

const define = scalarsOf('math');
/** A bitmap of Spark has 4 KiB. */
const BITS_PER_BITMAP = 32_768n;

function bitPosition(value: Long): Long {
  const given = BigInt(value);
  return toLong(given > 0n ? (given - 1n) % BITS_PER_BITMAP : -given % BITS_PER_BITMAP);
}

function bucketNumber(value: Long): Long {
  const given = BigInt(value);
  return toLong(given > 0n ? 1n + (given - 1n) / BITS_PER_BITMAP : given / BITS_PER_BITMAP);
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) for (let bits = byte; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/** Where a number stands in bitmaps that count distinct values. */
export const bitmapFunctions: readonly FunctionDefinition[] = [
  define(
    'bitmap_bit_position',
    ['bigint'],
    'bigint',
    {
      summary: 'The position of a number in its bitmap.',
      usage: 'bitmap_bit_position(child)',
      examples: [['bitmap_bit_position(123)', '122']],
    },
    bitPosition,
  ),
  define(
    'bitmap_bucket_number',
    ['bigint'],
    'bigint',
    {
      summary: 'The number of the bitmap that a number belongs to.',
      usage: 'bitmap_bucket_number(child)',
      examples: [['bitmap_bucket_number(123)', '1']],
    },
    bucketNumber,
  ),
  define(
    'bitmap_count',
    ['bytes'],
    'bigint',
    {
      summary: 'How many bits of a bitmap are set.',
      usage: 'bitmap_count(child)',
      examples: [["bitmap_count(X'1010')", '2']],
    },
    countBits,
  ),
];
