import { raise } from '../../../kernel/errors.ts';
import { TextOptions } from '../../../io/text-options.ts';
import { dateText } from '../../types/calendar.ts';
import type { DataType, InternalValue, Long, MapValue } from '../../types/data-type.ts';
import { decimalText } from '../../types/decimal.ts';
import { javaDouble, javaFloat } from '../../types/double-text.ts';
import { intervalText } from '../../types/interval-text.ts';
import { microsOfDays } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { datePattern, formatTimestamp } from '../datetimes/date-pattern.ts';
import { requireOptions } from '../schema-argument.ts';
import { takes, unexpected } from '../signatures.ts';
import { base64 } from '../strings/encodings.ts';
import { escapeNonAscii, prettyJson, quoteJson } from './json-text.ts';

type Write = (value: InternalValue) => string;

/** Values of a type as JSON texts, as Spark writes them. */
export function jsonWriter(type: DataType, session: string, options: Readonly<Record<string, string>> = {}): Write {
  const byName = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value]));
  const zone = timeZone(byName.get('timezone') ?? session) as TimeZone;
  return writer(type, { zone, options: byName, keepsNulls: byName.get('ignorenullfields')?.toLowerCase() === 'false' });
}

interface Settings {
  readonly zone: TimeZone;
  readonly options: ReadonlyMap<string, string>;
  readonly keepsNulls: boolean;
}

function writer(type: DataType, settings: Settings): Write {
  const write = nonNull(type, settings);
  return (value) => (value === null ? 'null' : write(value));
}

function nonNull(type: DataType, settings: Settings): Write {
  switch (type.kind) {
    case 'string':
      return (value) => quoteJson(value as string);
    case 'double':
      return (value) => (Number.isFinite(value) ? javaDouble(value as number) : quoteJson(javaDouble(value as number)));
    case 'float':
      return (value) => (Number.isFinite(value) ? javaFloat(value as number) : quoteJson(javaFloat(value as number)));
    case 'decimal':
      return (value) => decimalText(value as Long, type.scale);
    case 'binary':
      return (value) => quoteJson(base64(value as Uint8Array));
    case 'date': {
      const format = settings.options.get('dateformat');
      if (format === undefined) return (value) => quoteJson(dateText(value as number));
      const pattern = datePattern('to_json', format);
      return (value) => {
        const local = microsOfDays(value as number);
        return quoteJson(pattern.format(local, local, settings.zone));
      };
    }
    case 'time':
      return raise('UNSUPPORTED_TIME_TYPE', {});
    case 'timestamp': {
      const pattern = datePattern('to_json', settings.options.get('timestampformat') ?? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
      return (value) => quoteJson(formatTimestamp(pattern, value as Long, settings.zone));
    }
    case 'timestamp_ntz': {
      const pattern = datePattern('to_json', settings.options.get('timestampntzformat') ?? "yyyy-MM-dd'T'HH:mm:ss.SSS");
      return (value) => quoteJson(pattern.format(value as Long, value as Long, settings.zone));
    }
    case 'interval day to second':
    case 'interval year to month':
      return (value) => quoteJson(intervalText(value as Long, type));
    case 'array': {
      const element = writer(type.element, settings);
      return (value) => `[${(value as readonly InternalValue[]).map(element).join(',')}]`;
    }
    case 'map': {
      const key = writer(type.key, settings);
      const item = writer(type.value, settings);
      return (value) => {
        const { keys, values } = value as MapValue;
        return `{${keys.map((name, i) => `${quoted(key(name))}:${item(values[i] ?? null)}`).join(',')}}`;
      };
    }
    case 'struct': {
      const fields = type.fields.map(({ name, type: inner }) => ({
        name: quoteJson(name),
        write: writer(inner, settings),
      }));
      return (value) => {
        const parts: string[] = [];
        (value as readonly InternalValue[]).forEach((item, i) => {
          const field = fields[i];
          if (field !== undefined && (item !== null || settings.keepsNulls))
            parts.push(`${field.name}:${field.write(item)}`);
        });
        return `{${parts.join(',')}}`;
      };
    }
    default:
      return (value) => `${value as number}`;
  }
}

function quoted(text: string): string {
  return text.startsWith('"') ? text : quoteJson(text);
}

export const toJson: FunctionDefinition = {
  name: 'to_json',
  group: 'json',
  summary: 'A struct, map or array as JSON; fields that are null are left out unless ignoreNullFields is false.',
  usage: 'to_json(expr[, options])',
  examples: [["to_json(named_struct('a', 1, 'b', 2))", '{"a":1,"b":2}']],
  resolve(args, site) {
    const [arg] = args;
    if (arg !== undefined && !['struct', 'map', 'array', 'void'].includes(arg.type.kind)) {
      unexpected('to_json', 0, arg, 'STRUCT, MAP or ARRAY');
    }
    requireOptions('to_json', args, 1);
    return takes('to_json', ['any', 'any?'], 'string')(args, site);
  },
  body: {
    kind: 'scalar',
    bind({ args, timeZone: zone, options = {} }) {
      const write = jsonWriter(args[0]?.type ?? { kind: 'void' }, zone, options);
      const given = new TextOptions(options);
      const isOn = (name: string): boolean => given.get(name)?.toLowerCase() === 'true';
      const layout = isOn('pretty') ? prettyJson : (text: string) => text;
      const escape = isOn('writeNonAsciiCharacterAsCodePoint') ? escapeNonAscii : (text: string) => text;
      return { evaluate: (value: InternalValue) => escape(layout(write(value))) };
    },
  },
};
