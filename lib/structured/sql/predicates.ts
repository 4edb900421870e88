import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import { atQuery, balanced, type Grammar, call } from './grammar.ts';
import { literal } from './literals.ts';
import { sqlPlace } from './sql-place.ts';
import { subquery } from './subquery.ts';

/** What may follow an operand: `IS NULL`, `IN (...)`, `BETWEEN`, `LIKE` and their negations. Only one, as in Spark. */
export function predicate(grammar: Grammar, operand: Expression): Expression {
  const { tokens } = grammar;
  if (tokens.accept('IS')) {
    const negated = tokens.accept('NOT');
    return isPredicate(grammar, operand, negated);
  }
  const mark = tokens.mark();
  const negated = tokens.accept('NOT') || tokens.accept('!');
  const found = afterNot(grammar, operand, negated);
  if (found === undefined) {
    tokens.reset(mark);
    return operand;
  }
  return negated ? call('not', found) : found;
}

function isPredicate({ tokens, value }: Grammar, operand: Expression, negated: boolean): Expression {
  if (tokens.accept('NULL')) return call(negated ? 'isnotnull' : 'isnull', operand);
  if (tokens.accept('TRUE')) return negate(call('<=>', operand, literal('boolean', true)), negated);
  if (tokens.accept('FALSE')) return negate(call('<=>', operand, literal('boolean', false)), negated);
  if (tokens.accept('UNKNOWN')) return call(negated ? 'isnotnull' : 'isnull', operand);
  if (tokens.accept('DISTINCT', 'FROM')) return negate(call('<=>', operand, value()), !negated);
  return tokens.fail(': NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM is missing');
}

function negate(expression: Expression, negated: boolean): Expression {
  return negated ? call('not', expression) : expression;
}

function afterNot(grammar: Grammar, operand: Expression, negated: boolean): Expression | undefined {
  const { tokens } = grammar;
  if (tokens.accept('BETWEEN')) {
    const lower = grammar.value();
    tokens.expect('AND');
    return call('between', operand, lower, grammar.value());
  }
  if (tokens.accept('IN')) {
    if (tokens.at('(') && atQuery(grammar, 1)) return subquery(grammar, 'in', tokens.peek(-1), operand);
    tokens.expect('(');
    const values = [grammar.expression()];
    while (tokens.accept(',')) values.push(grammar.expression());
    tokens.expect(')');
    return call('in', operand, ...values);
  }
  if (tokens.accept('RLIKE') || tokens.accept('REGEXP')) return call('rlike', operand, grammar.value());
  for (const [keyword, name] of [
    ['LIKE', 'like'],
    ['ILIKE', 'ilike'],
  ] as const) {
    if (tokens.accept(keyword)) return like(grammar, name, operand, negated);
  }
  return undefined;
}

/** `negated`: NOT stands in front, and will be put around. `NOT LIKE ANY` asks whether one pattern does not fit. */
function like(grammar: Grammar, name: string, operand: Expression, negated: boolean): Expression {
  const { tokens } = grammar;
  const start = tokens.peek(-1);
  const isAll = tokens.at('ALL', '(');
  if (isAll || tokens.at('ANY', '(') || tokens.at('SOME', '(')) {
    tokens.next();
    tokens.next();
    const patterns = [grammar.expression()];
    while (tokens.accept(',')) patterns.push(grammar.expression());
    tokens.expect(')');
    const each = patterns.map((pattern) => call(name, operand, pattern));
    return balanced(isAll === negated ? 'or' : 'and', each);
  }
  const pattern = grammar.value();
  if (!tokens.accept('ESCAPE')) return call(name, operand, pattern);
  const escape = tokens.next();
  if (escape.kind !== 'string') tokens.fail(': ESCAPE takes one character', escape);
  if (Array.from(escape.value).length !== 1) {
    raise('INVALID_ESC', { invalidEscape: `'${escape.value}'` }, { where: sqlPlace(tokens.since(start)) });
  }
  return call(name, operand, pattern, literal('string', escape.value));
}
