import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { MICROS_PER_DAY } from '../../types/interval.ts';
import { MICRO_DIGITS, NANOS_PER_MICRO, timeType } from '../../types/time.ts';
import { floorModulo, localOfTimestamp } from '../../types/timestamp.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { sessionZone } from './parse-format.ts';

function precisionOf(args: readonly TypedExpression[]): number {
  const given = constantOf('current_time', args, 0);
  if (given === undefined) return MICRO_DIGITS;
  if (given === null) return raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'current_time' });
  const precision = Number(given);
  if (precision >= 0 && precision <= MICRO_DIGITS) return precision;
  return raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
    position: 'first',
    function: 'current_time',
    range: `between 0 and ${MICRO_DIGITS}`,
    actual: precision,
  });
}

/** One of the two ways to a value of TIME that Spark has as it comes; the other is the literal. */
export const currentTime: FunctionDefinition = {
  name: 'current_time',
  group: 'datetime',
  summary: 'The time of day at which the batch began, in the time zone of the session.',
  usage: 'current_time([precision])',
  examples: [['typeof(current_time(3))', 'time(3)']],
  deterministic: false,
  resolve(args, site) {
    const signature = takes('current_time', ['int?'], 'void', { nullable: false })(args, site);
    return { ...signature, type: timeType(precisionOf(args)) };
  },
  body: {
    kind: 'scalar',
    bind(site) {
      const zone = sessionZone(site);
      const step = 10 ** (MICRO_DIGITS - precisionOf(site.args));
      return {
        seesNulls: true,
        evaluate() {
          const micros = floorModulo(localOfTimestamp(site.context.batchTimestampUs, zone), MICROS_PER_DAY);
          return (micros - (micros % step)) * NANOS_PER_MICRO;
        },
      };
    },
  },
};
