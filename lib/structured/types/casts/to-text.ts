import { dateText } from '../calendar.ts';
import type { CalendarInterval, InternalValue, Long, MapValue } from '../data-type.ts';
import { decimalText } from '../decimal.ts';
import { javaDouble, javaFloat } from '../double-text.ts';
import { calendarText } from '../interval.ts';
import { intervalText } from '../interval-text.ts';
import { timeText } from '../time.ts';
import { localText, timestampText } from '../timestamp.ts';
import { utf8Text } from '../utf8.ts';
import type { CastFunction, CastMaker, CastSite } from './cast-site.ts';
import type { DataType } from '../data-type.ts';

/** Casts to STRING: every type has a text. */
export const toText: CastMaker = (from, _, site) => textOf(from, site);

function textOf(type: DataType, site: CastSite): CastFunction {
  switch (type.kind) {
    case 'double':
      return (value) => javaDouble(value as number);
    case 'float':
      return (value) => javaFloat(value as number);
    case 'decimal':
      return site.mode === 'legacy'
        ? (value) => scientific(value as Long, type.scale)
        : (value) => decimalText(value as Long, type.scale);
    case 'binary':
      return (value) => utf8Text(value as Uint8Array);
    case 'date':
      return (value) => dateText(value as number);
    case 'timestamp':
      return (value) => timestampText(value as Long, site.zone);
    case 'timestamp_ntz':
      return (value) => localText(value as Long);
    case 'time':
      return (value) => timeText(value as number);
    case 'interval day to second':
    case 'interval year to month':
      return (value) => intervalText(value as Long, type);
    case 'interval':
      return (value) => calendarText(value as CalendarInterval);
    case 'array': {
      const element = orNull(textOf(type.element, site));
      return (value) => `[${(value as readonly InternalValue[]).map(element).join(', ')}]`;
    }
    case 'map': {
      const key = orNull(textOf(type.key, site));
      const item = orNull(textOf(type.value, site));
      return (value) => {
        const { keys, values } = value as MapValue;
        // A null value leaves a blank behind the arrow, as in Spark.
        return `{${keys.map((each, i) => `${key(each)} -> ${item(values[i] ?? null)}`).join(', ')}}`;
      };
    }
    case 'struct': {
      const fields = type.fields.map((field) => orNull(textOf(field.type, site)));
      return (value) =>
        `{${fields.map((field, i) => field((value as readonly InternalValue[])[i] ?? null)).join(', ')}}`;
    }
    default:
      return (value) => `${value as number}`;
  }
}

function orNull(text: CastFunction): (value: InternalValue) => string {
  return (value) => (value === null ? 'null' : (text(value) as string));
}

/** As `BigDecimal.toString`: very small values with an exponent. */
function scientific(unscaled: Long, scale: number): string {
  const digits = String(unscaled).replace('-', '');
  const power = digits.length - 1 - scale;
  if (scale === 0 || power >= -6) return decimalText(unscaled, scale);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${unscaled < 0 ? '-' : ''}${digits[0] ?? '0'}${fraction}E${power}`;
}
