import type { TextOptions } from '../../../io/text-options.ts';

/** How values stand in a line of CSV, by Spark's options `sep`, `quote`, `escape`, `nullValue` and `emptyValue`. */
export interface CsvRules {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullValue: string;
  readonly emptyValue: string;
  /** Quotes every value that is not null. */
  readonly quoteAll: boolean;
}

export function csvRules(options: TextOptions): CsvRules {
  return {
    separator: options.get('sep') ?? options.get('delimiter') ?? ',',
    quote: options.get('quote') ?? '"',
    escape: options.get('escape') ?? '\\',
    nullValue: options.get('nullValue') ?? '',
    emptyValue: options.get('emptyValue') ?? '""',
    quoteAll: options.get('quoteAll')?.toLowerCase() === 'true',
  };
}

/** One line with its end. */
export function csvLine(values: readonly (string | null)[], rules: CsvRules): string {
  return `${values.map((value) => csvValue(value, rules)).join(rules.separator)}\n`;
}

function csvValue(
  value: string | null,
  { separator, quote, escape, nullValue, emptyValue, quoteAll }: CsvRules,
): string {
  if (value === null) return nullValue;
  if (value === '') return emptyValue;
  const isPlain =
    !quoteAll &&
    !value.includes(separator) &&
    !value.includes(quote) &&
    !/[\r\n]/u.test(value) &&
    value === value.trim();
  return isPlain || quote === '' ? value : quote + value.replaceAll(quote, escape + quote) + quote;
}

/**
 * The values of one line of CSV: quoted ones without their quotes, empty ones null.
 *
 * @example
 * parseCsvLine('a,"b,c",', rules)   // => ['a', 'b,c', null]
 */
export function parseCsvLine(line: string, { separator, quote, escape, nullValue }: CsvRules): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 0;
  for (;;) {
    const start = at;
    const isQuoted = quote !== '' && line.startsWith(quote, at);
    let value = '';
    if (isQuoted) {
      at += quote.length;
      for (; at < line.length; at++) {
        const next = at + escape.length;
        const isEscape =
          escape !== '' &&
          line.startsWith(escape, at) &&
          (line.startsWith(quote, next) || (escape !== quote && line.startsWith(escape, next)));
        if (isEscape) at = next;
        else if (line.startsWith(quote, at)) break;
        value += line.charAt(at);
      }
      at += quote.length;
    }
    // What goes on behind its closing quote is taken as it stands, quotes and all.
    const isWhole = isQuoted && (at >= line.length || line.startsWith(separator, at));
    if (!isWhole) {
      const end = line.indexOf(separator, isQuoted ? Math.min(at, line.length) : at);
      value = line.slice(start, end < 0 ? undefined : end);
      at = end < 0 ? line.length : end;
    }
    values.push(value === nullValue ? null : value);
    if (at >= line.length) return values;
    at += separator.length;
    if (at >= line.length) return [...values, null];
  }
}
