import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import { parseDate } from '../../types/calendar.ts';
import type { DataType } from '../../types/data-type.ts';
import { parseTimestamp } from '../../types/timestamp.ts';
import { timeZone } from '../../types/time-zone.ts';
import { atomic, decimalType } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { requireText } from '../json/require-text.ts';
import { constantOf, takes } from '../signatures.ts';
import { csvRules, parseCsvLine } from './csv-text.ts';

/** The narrowest type that a text of CSV fits, as Spark infers it. */
function inferCsvType(text: string | null, session: string): DataType {
  if (text === null || text === '') return atomic('string');
  if (/^[+-]?\d+$/u.test(text)) return wholeType(BigInt(text.replace('+', '')));
  if (/^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[df]?|nan|[+-]?inf(?:inity)?)$/iu.test(text)) return atomic('double');
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text) && parseDate(text) !== undefined) return atomic('date');
  const zone = timeZone(session);
  if (/^\d{4}-\d{2}-\d{2}[T ]\d/u.test(text) && zone !== undefined && parseTimestamp(text, zone) !== undefined) {
    return atomic('timestamp');
  }
  return atomic(/^(?:true|false)$/iu.test(text) ? 'boolean' : 'string');
}

function wholeType(value: bigint): DataType {
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return atomic('int');
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return atomic('bigint');
  const digits = String(value < 0n ? -value : value).length;
  return digits > 38 ? atomic('double') : decimalType(digits, 0);
}

export const schemaOfCsv: FunctionDefinition = {
  name: 'schema_of_csv',
  group: 'csv',
  summary: 'The schema of a line of CSV that is a constant, as DDL.',
  usage: 'schema_of_csv(csv[, options])',
  examples: [["schema_of_csv('1,abc')", 'STRUCT<_c0: INT, _c1: STRING>']],
  resolve(args, site) {
    const signature = takes('schema_of_csv', ['any', 'any?'], 'string', { nullable: false })(args, site);
    requireText('schema_of_csv', args, 0);
    if (constantOf('schema_of_csv', args, 0) === null) {
      raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'schema_of_csv' });
    }
    return signature;
  },
  body: {
    kind: 'scalar',
    bind({ args, timeZone: zone, options = {} }) {
      const line = String(constantOf('schema_of_csv', args, 0));
      const fields = parseCsvLine(line, csvRules(new TextOptions(options))).map((text, i) => ({
        name: `_c${i}`,
        type: inferCsvType(text, zone),
        nullable: true,
      }));
      const text = sqlTypeText({ kind: 'struct', fields });
      return { evaluate: () => text };
    },
  },
};
