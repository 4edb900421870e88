import { raise } from '../../../kernel/errors.ts';
import { castFunction } from '../../types/cast.ts';
import type { DataType } from '../../types/data-type.ts';
import { atomic, isIntegral } from '../../types/type-classes.ts';
import { timeZone } from '../../types/time-zone.ts';
import { type FunctionDefinition, defineFunction } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { checkLength } from '../strings/text-limit.ts';
import { randomOf } from './xor-shift-random.ts';

const whole = ['tinyint', 'smallint', 'int', 'bigint'];

/** Whole numbers give whole numbers; else a double, a float or a decimal, whichever comes first. */
function rangeType(a: DataType, b: DataType): DataType {
  if (a.kind === 'void' || b.kind === 'void') return atomic('double');
  if (isIntegral(a) && isIntegral(b)) return whole.indexOf(a.kind) >= whole.indexOf(b.kind) ? a : b;
  const kinds = new Set<string>([a.kind, b.kind]);
  if (kinds.has('double')) return atomic('double');
  if (kinds.has('float')) return atomic('float');
  if (a.kind !== 'decimal') return b;
  return b.kind === 'decimal' && b.precision > a.precision ? b : a;
}

const uniform = defineFunction({
  name: 'uniform',
  group: 'math',
  summary: 'A random number from the first to the second; both and the seed are constants.',
  usage: 'uniform(min, max[, seed])',
  examples: [['uniform(10, 20, 0) >= 10', 'true']],
  deterministic: false,
  resolve(args, site) {
    const signature = takes('uniform', ['number', 'number', 'wholeNumber?'], 'double')(args, site);
    for (const index of args.keys()) constantOf('uniform', args, index);
    const [min = atomic('void'), max = atomic('void')] = args.map(({ type }) => type);
    const type = rangeType(min, max);
    return { args: [atomic('double'), atomic('double'), ...signature.args.slice(2)], type };
  },
  body: {
    kind: 'scalar',
    bind(site) {
      const zone = timeZone(site.timeZone) ?? raise('INVALID_TIMEZONE', { timeZone: site.timeZone });
      const cast = castFunction(atomic('double'), site.type, { mode: site.ansi ? 'ansi' : 'legacy', zone });
      const random = randomOf('uniform', site, 2);
      return {
        seesNulls: true,
        evaluate: (min: number | null, max: number | null) =>
          min === null || max === null ? null : (cast?.(min + (max - min) * random.nextDouble()) ?? null),
      };
    },
  },
});

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

const randstr = defineFunction({
  name: 'randstr',
  group: 'string',
  summary: 'A random text of letters and digits; the length and the seed are constants.',
  usage: 'randstr(length[, seed])',
  examples: [['length(randstr(3, 0))', '3']],
  deterministic: false,
  resolve(args, site) {
    const signature = takes('randstr', ['int', 'wholeNumber?'], 'string')(args, site);
    const length = constantOf('randstr', args, 0);
    constantOf('randstr', args, 1);
    if (typeof length === 'number' && length < 0) {
      raise('INVALID_PARAMETER_VALUE.LENGTH', { functionName: 'randstr', length });
    }
    checkLength('randstr', typeof length === 'number' ? length : 0);
    return { ...signature, nullable: false };
  },
  body: {
    kind: 'scalar',
    bind(site) {
      const random = randomOf('randstr', site, 1);
      return {
        seesNulls: true,
        evaluate(given: number | null) {
          const length = given ?? 0;
          const codes = new Uint8Array(length);
          for (let i = 0; i < length; i++) codes[i] = digits.charCodeAt(Math.abs(random.nextInt() % 62));
          return new TextDecoder().decode(codes);
        },
      };
    },
  },
});

/** Random values of a seed, the same as Spark's in the same partition. */
export const randomRangeFunctions: readonly FunctionDefinition[] = [uniform, randstr];
