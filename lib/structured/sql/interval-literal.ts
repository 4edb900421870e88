import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import {
  type DayTimeField,
  calendarText,
  dayTimeMicros,
  dayTimeText,
  isIntervalUnit,
  parseDayTime,
  parseInterval,
  parseYearMonth,
  yearMonthText,
} from '../types/interval.ts';
import type { CalendarInterval } from '../types/data-type.ts';
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
    return value === undefined ? refuse(first.value) : fromUnits(value, true, []);
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
    return value === undefined
      ? refuse(`'${text}' ${range}`)
      : { kind: 'literal', type: atomic('interval year to month'), value, text: yearMonthText(value) };
  }
  const value = parseDayTime(text, range);
  if (value === undefined) return refuse(`'${text}' ${range}`);
  const [from, , until] = range.split(' ') as [DayTimeField, string, DayTimeField];
  return { kind: 'literal', type: atomic('interval day to second'), value, text: dayTimeText(value, from, until) };
}

const order = ['DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;

/** Months alone are a year-month interval, days and times a day-time interval; both together keep Spark's old calendar interval. */
function fromUnits(value: CalendarInterval, isText: boolean, names: readonly string[]): Expression {
  const { months, days, micros } = value;
  const hasTime = days !== 0 || micros !== 0;
  const onlyMonths = names.length > 0 ? names.every((name) => name === 'YEAR' || name === 'MONTH') : !hasTime;
  if (onlyMonths && (months !== 0 || !isText)) {
    const range = names.includes('YEAR') ? (names.includes('MONTH') ? 'YEAR TO MONTH' : 'YEAR') : 'MONTH';
    const text = yearMonthText(months, isText ? 'YEAR TO MONTH' : range);
    return { kind: 'literal', type: atomic('interval year to month'), value: months, text };
  }
  if (months !== 0) {
    return { kind: 'literal', type: atomic('interval'), value, text: `INTERVAL '${calendarText(value)}'` };
  }
  const known = new Set(names.map((name) => fieldOf(name)));
  const from = order.find((field) => known.has(field)) ?? 'DAY';
  const until = order.findLast((field) => known.has(field)) ?? 'SECOND';
  const total = dayTimeMicros(value);
  return {
    kind: 'literal',
    type: atomic('interval day to second'),
    value: total,
    text: dayTimeText(total, from, until),
  };
}

function fieldOf(name: string): DayTimeField {
  if (name === 'WEEK' || name === 'DAY') return 'DAY';
  return name === 'HOUR' || name === 'MINUTE' ? name : 'SECOND';
}

function refuse(text: string): never {
  return raise('CANNOT_PARSE_INTERVAL', { intervalString: `'${text}'` });
}
