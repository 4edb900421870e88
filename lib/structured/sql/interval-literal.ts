import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import {
  type DayTimeField,
  calendarText,
  dayTimeMicros,
  isIntervalUnit,
  parseDayTime,
  parseInterval,
  parseYearMonth,
} from '../types/interval.ts';
import type { AtomicType, CalendarInterval, Long } from '../types/data-type.ts';
import { intervalType } from '../types/interval-type.ts';
import { atomic } from '../types/type-classes.ts';
import type { TokenStream } from './token-stream.ts';

/** Whether `INTERVAL` at the next token begins a literal and is no name. */
export function atIntervalLiteral(tokens: TokenStream): boolean {
  if (!tokens.at('INTERVAL')) return false;
  const next = tokens.peek(1);
  if (next.kind === 'string') return true;
  const number = next.key === '-' || next.key === '+' ? tokens.peek(2) : next;
  return number.kind === 'number' || (number !== next && number.kind === 'string');
}

/** `INTERVAL 5 SECONDS`, `INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1 2:3:4' DAY TO SECOND`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 day'`. */
export function intervalLiteral(tokens: TokenStream): Expression {
  tokens.expect('INTERVAL');
  const first = tokens.peek();
  if (first.kind === 'string' && !isIntervalUnit(tokens.peek(1).key)) {
    tokens.next();
    const value = parseInterval(first.value);
    const units = [...first.value.toUpperCase().matchAll(/[A-Z]+/gu)].map(([word]) => singular(word));
    return value === undefined
      ? refuse(first.value)
      : fromUnits(
          value,
          true,
          units.filter((word) => word !== 'INTERVAL'),
        );
  }
  const texts: string[] = [];
  const names: string[] = [];
  do {
    const sign = tokens.accept('-') ? '-' : tokens.accept('+') ? '' : '';
    const amount = tokens.next();
    if (amount.kind !== 'number' && amount.kind !== 'string') tokens.fail(': a number is missing', amount);
    const unit = tokens.next();
    if (!isIntervalUnit(unit.key)) tokens.fail(': a unit like SECOND is missing', unit);
    if (tokens.at('TO') && isIntervalUnit(tokens.peek(1).key)) {
      tokens.next();
      return ofRange(sign + amount.value, `${singular(unit.key)} TO ${singular(tokens.next().key)}`);
    }
    const negated = sign === '-' && amount.value.startsWith('-') ? amount.value.slice(1) : sign + amount.value;
    texts.push(`${negated.trim()} ${unit.key}`);
    names.push(singular(unit.key));
  } while (isAmount(tokens));
  const value = parseInterval(texts.join(' '));
  return value === undefined ? refuse(texts.join(' ')) : fromUnits(value, false, names);
}

function singular(unit: string): string {
  return unit.replace(/S$/u, '');
}

function isAmount(tokens: TokenStream): boolean {
  const signed = tokens.at('-') || tokens.at('+') ? 1 : 0;
  const { kind } = tokens.peek(signed);
  return (kind === 'number' || kind === 'string') && isIntervalUnit(tokens.peek(signed + 1).key);
}

function ofRange(text: string, range: string): Expression {
  if (range === 'YEAR TO MONTH') {
    const value = parseYearMonth(text, range);
    return value === undefined ? refuse(`'${text}' ${range}`) : intervalOf(value, intervalType('YEAR', 'MONTH'));
  }
  const value = parseDayTime(text, range);
  if (value === undefined) return refuse(`'${text}' ${range}`);
  const [from = '', , until = ''] = range.split(' ');
  return intervalOf(value, intervalType(from, until));
}

/** Months alone are a year-month interval, days and times a day-time interval; both together keep Spark's old calendar interval. */
function fromUnits(value: CalendarInterval, isText: boolean, names: readonly string[]): Expression {
  const { months, days, micros } = value;
  const hasTime = days !== 0 || micros !== 0;
  const onlyMonths = names.length > 0 ? names.every((name) => name === 'YEAR' || name === 'MONTH') : !hasTime;
  if (onlyMonths && (months !== 0 || !isText)) return intervalOf(months, rangeOf(names, ['YEAR', 'MONTH']));
  if (months !== 0) {
    return { kind: 'literal', type: atomic('interval'), value, text: `INTERVAL '${calendarText(value)}'` };
  }
  return intervalOf(dayTimeMicros(value), rangeOf(names.map(fieldOf), ['DAY', 'HOUR', 'MINUTE', 'SECOND']));
}

/** From the largest unit that was written to the smallest. */
function rangeOf(names: readonly string[], all: readonly string[]): AtomicType {
  const used = new Set(names);
  const first = all.find((unit) => used.has(unit)) ?? all[0] ?? '';
  return intervalType(first, all.findLast((unit) => used.has(unit)) ?? all.at(-1) ?? '');
}

function intervalOf(value: Long, type: AtomicType): Expression {
  return { kind: 'literal', type, value };
}

function fieldOf(name: string): DayTimeField {
  if (name === 'WEEK' || name === 'DAY') return 'DAY';
  return name === 'HOUR' || name === 'MINUTE' ? name : 'SECOND';
}

function refuse(text: string): never {
  return raise('CANNOT_PARSE_INTERVAL', { intervalString: `'${text}'` });
}
