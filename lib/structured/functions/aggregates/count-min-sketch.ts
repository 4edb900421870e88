import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { JavaRandom } from '../../types/java-random.ts';
import type { InternalValue, Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import { isIntegral } from '../../types/type-classes.ts';
import { utf8Bytes } from '../../types/utf8.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { murmur3Unsafe } from '../hashes/murmur3.ts';
import { constantOf, takes, unexpected } from '../signatures.ts';

const prime = (1n << 31n) - 1n;
const version = 1;

/** Spark's count-min sketch in its binary form. Buffer: the count of all, and a table of counts. */
function countMinSketch(site: BindSite): AggregateFunction {
  const { relativeError, confidence, seed } = parametersOf(site.args);
  const width = Math.ceil(2 / relativeError);
  const depth = Math.ceil(-Math.log(1 - confidence) / Math.log(2));
  const random = new JavaRandom(seed);
  const hashes = Array.from({ length: depth }, () => BigInt(random.nextInt(2_147_483_647)));
  const cells = cellsOf(site, hashes, width);
  return {
    size: 2,
    initial: () => [0, Array.from({ length: depth * width }, () => 0)],
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      buffer[at] = (buffer[at] as number) + 1;
      const table = buffer[at + 1] as number[];
      cells(value).forEach((cell, row) => {
        table[row * width + cell] = (table[row * width + cell] as number) + 1;
      });
    },
    merge(buffer, at, other, otherAt) {
      buffer[at] = (buffer[at] as number) + (other[otherAt] as number);
      const table = buffer[at + 1] as number[];
      (other[otherAt + 1] as number[]).forEach((count, i) => {
        table[i] = (table[i] as number) + count;
      });
    },
    result(buffer, at) {
      const bytes = new Uint8Array(20 + 8 * depth + 8 * depth * width);
      const view = new DataView(bytes.buffer);
      view.setInt32(0, version);
      view.setBigInt64(4, BigInt(buffer[at] as number));
      view.setInt32(12, depth);
      view.setInt32(16, width);
      hashes.forEach((hash, i) => view.setBigInt64(20 + 8 * i, hash));
      (buffer[at + 1] as number[]).forEach((count, i) => view.setBigInt64(20 + 8 * depth + 8 * i, BigInt(count)));
      return bytes;
    },
  };
}

/** Which cell of each row counts a value. */
function cellsOf(
  { args }: BindSite,
  hashes: readonly bigint[],
  width: number,
): (value: InternalValue) => readonly number[] {
  const [arg] = args;
  if (arg !== undefined && isIntegral(arg.type)) {
    return (value) => hashes.map((hash) => cellOfLong(BigInt(value as Long), hash, width));
  }
  return (value) => {
    const bytes = typeof value === 'string' ? utf8Bytes(value) : (value as Uint8Array);
    const first = murmur3Unsafe(bytes, 0);
    const second = murmur3Unsafe(bytes, first);
    return hashes.map((_, i) => Math.abs(((first + Math.imul(i, second)) | 0) % width));
  };
}

function cellOfLong(value: bigint, hash: bigint, width: number): number {
  let product = BigInt.asIntN(64, hash * value);
  product = BigInt.asIntN(64, product + (product >> 32n));
  return Number(BigInt.asIntN(32, product & prime)) % width;
}

interface Parameters {
  readonly relativeError: number;
  readonly confidence: number;
  readonly seed: Long;
}

function outOfRange(position: string, range: string, actual: number): never {
  return raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', { position, function: 'count_min_sketch', range, actual });
}

function parametersOf(args: readonly TypedExpression[]): Parameters {
  const [relativeError, confidence, seed] = [1, 2, 3].map((i) => {
    const value = constantOf('count_min_sketch', args, i);
    if (value === null) raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'count_min_sketch' });
    const type = args[i]?.type;
    return type?.kind === 'decimal' ? Number(value) / 10 ** type.scale : (value as Long);
  }) as [number, number, Long];
  if (!(relativeError > 0)) outOfRange('second', 'above 0.0', relativeError);
  if (!(confidence > 0 && confidence < 1)) outOfRange('third', 'between 0.0 and 1.0', confidence);
  return { relativeError, confidence, seed: toLong(BigInt(seed)) };
}

export const countMinSketchFunction: FunctionDefinition = {
  name: 'count_min_sketch',
  group: 'aggregate',
  summary: "A count-min sketch of the values in Spark's binary form.",
  usage: 'count_min_sketch(expr, relativeError, confidence, seed)',
  examples: [['length(count_min_sketch(x, 0.5, 0.5, 1)) FROM VALUES 1, 2, 1', '60']],
  resolve(args, site) {
    const signature = takes('count_min_sketch', ['any', 'double', 'double', 'bigint'], 'binary', { nullable: false })(
      args,
      site,
    );
    const [value] = args as [TypedExpression];
    const isKnown = isIntegral(value.type) || value.type.kind === 'string' || value.type.kind === 'binary';
    if (!isKnown) unexpected('count_min_sketch', 0, value, 'INTEGRAL, STRING or BINARY');
    parametersOf(args);
    return signature;
  },
  body: { kind: 'aggregate', bind: countMinSketch },
};
