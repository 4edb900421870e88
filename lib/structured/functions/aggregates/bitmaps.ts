import { raise } from '../../../kernel/errors.ts';
import type { InternalValue } from '../../types/data-type.ts';
import type { AggregateFunction, FunctionDefinition } from '../define-function.ts';
import { takes, unexpected } from '../signatures.ts';

const bytesOfBitmap = 4096;
const bits = 8 * bytesOfBitmap;

function fold(start: number, join: (a: number, b: number) => number): AggregateFunction {
  const put = (buffer: InternalValue[], at: number, bytes: Uint8Array): void => {
    const held = buffer[at] as Uint8Array;
    // A shorter bitmap goes on with zeros.
    for (let i = 0; i < held.length; i++) held[i] = join(held[i] as number, bytes[i] ?? 0);
  };
  return {
    size: 1,
    initial: () => [new Uint8Array(bytesOfBitmap).fill(start)],
    update(buffer, at, value) {
      if (value !== null && value !== undefined) put(buffer, at, value as Uint8Array);
    },
    merge: (buffer, at, other, otherAt) => put(buffer, at, other[otherAt] as Uint8Array),
    result: (buffer, at) => (buffer[at] as Uint8Array).slice(),
  };
}

const or = fold(0, (a, b) => a | b);
const and = fold(255, (a, b) => a & b);

const construct: AggregateFunction = {
  ...or,
  update(buffer, at, value) {
    if (value === null || value === undefined) return;
    const position = Number(value);
    if (position < 0 || position >= bits) {
      raise('INVALID_BITMAP_POSITION', { bitPosition: position, bitmapNumBytes: bytesOfBitmap });
    }
    const held = buffer[at] as Uint8Array;
    held[position >>> 3] = (held[position >>> 3] as number) | (1 << (position & 7));
  },
};

function aggregate(
  name: string,
  parameter: 'bigint' | 'binary',
  summary: string,
  example: readonly [string, string],
  made: AggregateFunction,
): FunctionDefinition {
  return {
    name,
    group: 'aggregate',
    summary,
    usage: `${name}(expr)`,
    examples: [example],
    resolve(args, site) {
      const [arg] = args;
      if (parameter === 'binary' && arg !== undefined && arg.type.kind !== 'binary') unexpected(name, 0, arg, 'BINARY');
      return takes(name, [parameter], 'binary', { nullable: false })(args, site);
    },
    body: { kind: 'aggregate', bind: () => made },
  };
}

/** Bitmaps of 32768 bits for counting distinct numbers exactly. */
export const bitmapAggregates: readonly FunctionDefinition[] = [
  aggregate(
    'bitmap_construct_agg',
    'bigint',
    'A bitmap with the bits at the positions set.',
    ['substring(hex(bitmap_construct_agg(bitmap_bit_position(x))), 0, 6) FROM VALUES 1, 2, 3', '070000'],
    construct,
  ),
  aggregate(
    'bitmap_or_agg',
    'binary',
    'All bitmaps joined by OR.',
    ["substring(hex(bitmap_or_agg(x)), 0, 6) FROM VALUES X'10', X'20'", '300000'],
    or,
  ),
  aggregate(
    'bitmap_and_agg',
    'binary',
    'All bitmaps joined by AND.',
    ["substring(hex(bitmap_and_agg(x)), 0, 6) FROM VALUES X'F0', X'70'", '700000'],
    and,
  ),
];
