import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import { castFunction } from '../../types/cast.ts';
import type { DataType, InternalValue, Long, MapValue } from '../../types/data-type.ts';
import { microsOfDays } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { datePattern, formatTimestamp } from '../datetimes/date-pattern.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { requireOptions } from '../schema-argument.ts';
import { takes } from '../signatures.ts';
import { type CsvRules, csvRules } from './csv-text.ts';

type Write = (value: InternalValue) => string;

const utcZone = timeZone('UTC') as TimeZone;

/** A struct as a line of CSV, without the end of the line. */
function csvWriter(type: DataType, options: TextOptions, session: string): Write {
  const rules = csvRules(options);
  const zone = timeZone(options.get('timeZone') ?? session) ?? utcZone;
  const trims = (name: string): boolean => options.get(name)?.toLowerCase() !== 'false';
  const [trimsStart, trimsEnd] = [trims('ignoreLeadingWhiteSpace'), trims('ignoreTrailingWhiteSpace')];
  const writers = type.kind === 'struct' ? type.fields.map((field) => fieldWriter(field.type, options, zone)) : [];
  return (row) =>
    writers
      .map((write, i) => {
        const value = (row as readonly InternalValue[])[i] ?? null;
        if (value === null) return rules.nullValue;
        let text = write(value);
        if (trimsStart) text = text.trimStart();
        if (trimsEnd) text = text.trimEnd();
        return quoted(text, rules);
      })
      .join(rules.separator);
}

function quoted(text: string, { separator, quote, escape, emptyValue, quoteAll }: CsvRules): string {
  if (text === '') return emptyValue;
  const needsQuotes = quoteAll || text.includes(separator) || text.includes(quote) || /[\r\n]/u.test(text);
  return needsQuotes && quote !== '' ? quote + text.replaceAll(quote, escape + quote) + quote : text;
}

function fieldWriter(type: DataType, options: TextOptions, zone: TimeZone): Write {
  switch (type.kind) {
    case 'date': {
      const format = options.get('dateFormat');
      if (format === undefined) return plainWriter(type, zone);
      const pattern = datePattern('to_csv', format);
      return (value) => {
        const local = microsOfDays(value as number);
        return pattern.format(local, local, zone);
      };
    }
    // As Spark has it: the nanoseconds.
    case 'time':
      return (value) => `${value as number}`;
    case 'timestamp': {
      const pattern = datePattern('to_csv', options.get('timestampFormat') ?? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
      return (value) => formatTimestamp(pattern, value as Long, zone);
    }
    case 'timestamp_ntz': {
      const pattern = datePattern('to_csv', options.get('timestampNTZFormat') ?? "yyyy-MM-dd'T'HH:mm:ss.SSS");
      return (value) => pattern.format(value as Long, value as Long, zone);
    }
    default:
      return plainWriter(type, zone);
  }
}

/** Values without a format: as a cast to text gives them, but nothing stands for a null inside. */
function plainWriter(type: DataType, zone: TimeZone): Write {
  switch (type.kind) {
    case 'array': {
      const element = plainWriter(type.element, zone);
      return (value) => `[${joined((value as readonly InternalValue[]).map((item) => written(item, element)))}]`;
    }
    case 'struct': {
      const fields = type.fields.map((field) => plainWriter(field.type, zone));
      return (value) =>
        `{${joined((value as readonly InternalValue[]).map((item, i) => written(item, fields[i] as Write)))}}`;
    }
    case 'map': {
      const [key, item] = [plainWriter(type.key, zone), plainWriter(type.value, zone)];
      return (value) => {
        const { keys, values } = value as MapValue;
        return `{${joined(keys.map((name, i) => `${key(name)} ->${spaced(written(values[i] ?? null, item))}`))}}`;
      };
    }
    case 'binary':
      return (value) =>
        `[${Array.from(value as Uint8Array, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}]`;
    default: {
      const cast = castFunction(type, { kind: 'string' }, { mode: 'try', zone });
      return (value) => (cast?.(value) ?? '') as string;
    }
  }
}

function written(value: InternalValue, write: Write): string {
  return value === null ? '' : write(value);
}

function joined(texts: readonly string[]): string {
  return texts.map((text, i) => (i === 0 ? text : `,${spaced(text)}`)).join('');
}

function spaced(text: string): string {
  return text === '' ? '' : ` ${text}`;
}

export const toCsv: FunctionDefinition = {
  name: 'to_csv',
  group: 'csv',
  summary: 'A struct as a line of CSV.',
  usage: 'to_csv(expr[, options])',
  examples: [["to_csv(named_struct('a', 1, 'b', 2))", '1,2']],
  resolve(args, site) {
    const [arg] = args;
    const signature = takes('to_csv', ['any', 'any?'], 'string')(args, site);
    if (arg !== undefined && arg.type.kind !== 'struct' && arg.type.kind !== 'void') {
      raise('DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE', { function: 'to_csv', dataType: sqlTypeText(arg.type) });
    }
    requireOptions('to_csv', args, 1);
    return signature;
  },
  body: {
    kind: 'scalar',
    bind: ({ args, timeZone: zone, options = {} }) => ({
      evaluate: csvWriter(args[0]?.type ?? { kind: 'void' }, new TextOptions(options), zone),
    }),
  },
};
