import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import { parseDate } from '../../types/calendar.ts';
import { castFunction } from '../../types/cast.ts';
import type { DataType, InternalValue, StructType } from '../../types/data-type.ts';
import { parseSchema } from '../../types/ddl.ts';
import { fitsPrecision, parseDecimal } from '../../types/decimal.ts';
import { daysOfMicros, parseTimestamp, parseTimestampNtz } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { isAtomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { datePattern } from '../datetimes/date-pattern.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { nullableEverywhere, requireOptions, schemaText } from '../schema-argument.ts';
import { takes } from '../signatures.ts';
import { requireText } from '../json/require-text.ts';
import { csvRules, parseCsvLine } from './csv-text.ts';

/** A text that does not fit its type. Compared by identity, never seen outside. */
const unfit = Symbol('unfit');
type Convert = (text: string) => InternalValue | typeof unfit;

/** Lines of CSV as structs: what `from_csv` does with one text. */
function csvParser(type: StructType, options: TextOptions, session: string): (line: string) => InternalValue {
  const mode = (options.get('mode') ?? 'PERMISSIVE').toUpperCase();
  if (mode !== 'PERMISSIVE' && mode !== 'FAILFAST') raise('PARSE_MODE_UNSUPPORTED', { function: 'from_csv', mode });
  const rules = csvRules(options);
  const corruptName = options.get('columnNameOfCorruptRecord') ?? '_corrupt_record';
  const corruptIndex = type.fields.findIndex(({ name }) => name === corruptName);
  const fields = type.fields.flatMap((field, index) =>
    index === corruptIndex ? [] : [{ index, convert: converter(field.type, options, session) }],
  );
  const [trimsStart, trimsEnd] = [isOn(options, 'ignoreLeadingWhiteSpace'), isOn(options, 'ignoreTrailingWhiteSpace')];
  const comment = options.get('comment');
  return (line) => {
    const isEmpty = line === '' || (comment !== undefined && comment !== '' && line.startsWith(comment));
    const texts = isEmpty ? [] : parseCsvLine(line, rules);
    const row: InternalValue[] = type.fields.map(() => null);
    let isBad = texts.length !== fields.length;
    fields.forEach(({ index, convert }, i) => {
      let text = texts[i] ?? null;
      if (text !== null && trimsStart) text = text.trimStart();
      if (text !== null && trimsEnd) text = text.trimEnd();
      if (text === null || text === rules.nullValue) return;
      const value = convert(text);
      if (value === unfit) isBad = true;
      else row[index] = value;
    });
    if (!isBad) return row;
    if (mode === 'FAILFAST') {
      raise('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { record: line.slice(0, 200) });
    }
    if (corruptIndex >= 0) row[corruptIndex] = line;
    return row;
  };
}

function isOn(options: TextOptions, name: string): boolean {
  return options.get(name)?.toLowerCase() === 'true';
}

function converter(type: DataType, options: TextOptions, session: string): Convert {
  const zone = timeZone(options.get('timeZone') ?? session);
  switch (type.kind) {
    case 'string':
      return (text) => text;
    case 'boolean':
      return (text) => (/^true$/iu.test(text) ? true : /^false$/iu.test(text) ? false : unfit);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return whole(type, zone);
    case 'float':
    case 'double': {
      const words = new Map([
        [options.get('nanValue') ?? 'NaN', Number.NaN],
        [options.get('positiveInf') ?? 'Inf', Infinity],
        [options.get('negativeInf') ?? '-Inf', -Infinity],
      ]);
      const cast = castFunction({ kind: 'string' }, { kind: 'double' }, { mode: 'try', ...zoneOf(zone) });
      return (text) => {
        const number = words.get(text) ?? ((cast?.(text) ?? null) as number | null);
        return number === null ? unfit : type.kind === 'float' ? Math.fround(number) : number;
      };
    }
    case 'decimal':
      return (text) => {
        const unscaled = parseDecimal(text.replaceAll(',', ''), type.scale);
        return unscaled === undefined || !fitsPrecision(unscaled, type.precision) ? unfit : unscaled;
      };
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return times(type.kind, options, zone);
    default: {
      const cast = castFunction({ kind: 'string' }, type, { mode: 'try', ...zoneOf(zone) });
      return (text) => cast?.(text) ?? unfit;
    }
  }
}

function zoneOf(zone: TimeZone | undefined): { readonly zone: TimeZone } {
  return { zone: zone ?? (timeZone('UTC') as TimeZone) };
}

function whole(type: DataType, zone: TimeZone | undefined): Convert {
  const cast = castFunction({ kind: 'string' }, type, { mode: 'try', ...zoneOf(zone) });
  return (text) => (/^[+-]?\d+$/u.test(text) ? (cast?.(text) ?? unfit) : unfit);
}

function times(
  kind: 'date' | 'timestamp' | 'timestamp_ntz',
  options: TextOptions,
  zone: TimeZone | undefined,
): Convert {
  const names = { date: 'dateFormat', timestamp: 'timestampFormat', timestamp_ntz: 'timestampNTZFormat' } as const;
  const format = options.get(names[kind]);
  const pattern = format === undefined ? undefined : datePattern('from_csv', format);
  return (text) => {
    if (zone === undefined) return unfit;
    if (pattern !== undefined) {
      const parsed = pattern.parse(text, zone);
      if (parsed === undefined) return unfit;
      return kind === 'date' ? daysOfMicros(parsed.local) : kind === 'timestamp' ? parsed.micros : parsed.local;
    }
    if (kind === 'date') return parseDate(text) ?? unfit;
    return (kind === 'timestamp' ? parseTimestamp(text, zone) : parseTimestampNtz(text)) ?? unfit;
  };
}

export const fromCsv: FunctionDefinition = {
  name: 'from_csv',
  group: 'csv',
  summary:
    'The values of a line of CSV in a schema. A value that does not fit is null (mode PERMISSIVE), or an error (FAILFAST).',
  usage: 'from_csv(csvStr, schema[, options])',
  examples: [["from_csv('1, 0.8', 'a INT, b DOUBLE')", '{1, 0.8}']],
  resolve(args, site) {
    const signature = takes('from_csv', ['any', 'any', 'any?'], () => {
      const type = nullableEverywhere(parseSchema(schemaText('from_csv', args, 1, site)));
      for (const field of type.kind === 'struct' ? type.fields : []) {
        if (!isAtomic(field.type)) {
          raise('UNSUPPORTED_DATATYPE', { typeName: sqlTypeText(field.type) });
        }
      }
      return type;
    })(args, site);
    requireText('from_csv', args, 0);
    requireOptions('from_csv', args, 2);
    return { ...signature, args: args.map(() => ({ kind: 'string' })), nullable: true };
  },
  body: {
    kind: 'scalar',
    bind: ({ type, timeZone: zone, options = {} }) => ({
      evaluate: csvParser(type as StructType, new TextOptions(options), zone),
    }),
  },
};
