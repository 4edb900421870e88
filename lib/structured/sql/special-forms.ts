import type { Expression } from '../expressions/expression.ts';
import { type Grammar, call } from './grammar.ts';
import { literal } from './literals.ts';
import { parseDataType } from './parse-type.ts';

type Form = (grammar: Grammar) => Expression | undefined;

/** What has a grammar of its own: CASE, and calls with keywords between the brackets. `undefined`: read it as a name or a call. */
export function specialForm(grammar: Grammar): Expression | undefined {
  const { tokens } = grammar;
  const { key } = tokens.peek();
  if (key === 'CASE') return caseForm(grammar);
  const form = tokens.peek(1).key === '(' ? forms[key] : undefined;
  if (form === undefined) return undefined;
  const mark = tokens.mark();
  tokens.next();
  tokens.next();
  const found = form(grammar);
  if (found === undefined) tokens.reset(mark);
  return found;
}

const forms: Readonly<Record<string, Form>> = {
  CAST: (grammar) => cast(grammar, 'cast'),
  TRY_CAST: (grammar) => cast(grammar, 'try'),
  EXTRACT({ tokens, value }) {
    const field = tokens.next();
    if (field.kind !== 'word' && field.kind !== 'string' && field.kind !== 'quoted') tokens.fail('', field);
    tokens.expect('FROM');
    const source = value();
    tokens.expect(')');
    return call('extract', literal('string', field.value), source);
  },
  SUBSTRING: (grammar) => substring(grammar),
  SUBSTR: (grammar) => substring(grammar),
  TRIM: trim,
  POSITION({ tokens, value }) {
    const part = value();
    if (!tokens.accept('IN')) return undefined;
    const whole = value();
    tokens.expect(')');
    return call('locate', part, whole);
  },
  OVERLAY({ tokens, value }) {
    const input = value();
    if (!tokens.accept('PLACING')) return undefined;
    const replacement = value();
    tokens.expect('FROM');
    const from = value();
    const length = tokens.accept('FOR') ? [value()] : [];
    tokens.expect(')');
    return call('overlay', input, replacement, from, ...length);
  },
  TIMESTAMPADD: (grammar) => withUnit(grammar, 'timestampadd'),
  DATEADD: (grammar) => withUnit(grammar, 'timestampadd'),
  DATE_ADD: (grammar) => withUnit(grammar, 'timestampadd'),
  TIMESTAMPDIFF: (grammar) => withUnit(grammar, 'timestampdiff'),
  DATEDIFF: (grammar) => withUnit(grammar, 'timestampdiff'),
  DATE_DIFF: (grammar) => withUnit(grammar, 'timestampdiff'),
};

function cast(grammar: Grammar, mode: 'cast' | 'try'): Expression {
  const { tokens } = grammar;
  const start = tokens.peek(-2);
  const child = grammar.expression();
  tokens.expect('AS');
  const type = parseDataType(tokens);
  tokens.expect(')');
  return { kind: 'cast', child, type, mode, position: tokens.since(start) };
}

/** `SUBSTRING(s FROM 2 FOR 3)`. */
function substring({ tokens, value }: Grammar): Expression | undefined {
  const text = value();
  if (!tokens.accept('FROM')) return undefined;
  const from = value();
  const length = tokens.accept('FOR') ? [value()] : [];
  tokens.expect(')');
  return call('substring', text, from, ...length);
}

/** `TRIM(BOTH 'x' FROM s)`, `TRIM('x' FROM s)`, `TRIM(LEADING FROM s)`. */
function trim({ tokens, value }: Grammar): Expression | undefined {
  const sides: Readonly<Record<string, string>> = { BOTH: 'trim', LEADING: 'ltrim', TRAILING: 'rtrim' };
  const side = sides[tokens.peek().key];
  const isSide = side !== undefined && tokens.peek(1).key !== ')' && tokens.peek(1).key !== ',';
  if (isSide) tokens.next();
  const characters = isSide && tokens.at('FROM') ? [] : [value()];
  if (!tokens.accept('FROM')) return undefined;
  const text = value();
  tokens.expect(')');
  return call((isSide ? side : undefined) ?? 'trim', ...characters, text);
}

const units = new Set('YEAR QUARTER MONTH WEEK DAY DAYOFYEAR HOUR MINUTE SECOND MILLISECOND MICROSECOND'.split(' '));

/** `TIMESTAMPADD(HOUR, 5, ts)`: the unit is a keyword and no column. */
function withUnit({ tokens, value }: Grammar, name: string): Expression | undefined {
  const unit = tokens.peek();
  if (!units.has(unit.key) || tokens.peek(1).key !== ',') return undefined;
  tokens.next();
  tokens.next();
  const first = value();
  if (!tokens.accept(',')) return undefined;
  const second = value();
  tokens.expect(')');
  return call(name, literal('string', unit.key), first, second);
}

/** `CASE WHEN c THEN v ... END` and `CASE x WHEN 1 THEN v ... END`. */
function caseForm(grammar: Grammar): Expression | undefined {
  const { tokens } = grammar;
  const mark = tokens.mark();
  tokens.next();
  const subject = tokens.at('WHEN') ? undefined : atValue(grammar) ? grammar.expression() : undefined;
  if (!tokens.at('WHEN')) {
    tokens.reset(mark);
    return undefined;
  }
  const branches: (readonly [Expression, Expression])[] = [];
  while (tokens.accept('WHEN')) {
    const condition = grammar.expression();
    tokens.expect('THEN');
    branches.push([subject === undefined ? condition : call('=', subject, condition), grammar.expression()]);
  }
  const otherwise = tokens.accept('ELSE') ? grammar.expression() : undefined;
  tokens.expect('END');
  return { kind: 'case', branches, ...(otherwise === undefined ? {} : { otherwise }) };
}

/** A column may be called `case`: then nothing that begins a value follows. */
function atValue({ tokens }: Grammar): boolean {
  const { kind, key } = tokens.peek();
  return kind !== 'end' && (kind !== 'symbol' || '(-+~!'.includes(key));
}
