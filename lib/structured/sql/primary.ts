import type { Expression } from '../expressions/expression.ts';
import { placed } from '../analyzer/placed.ts';
import { functionCall } from './function-call.ts';
import { atQuery, type Grammar, call } from './grammar.ts';
import { atIntervalLiteral, intervalLiteral } from './interval-literal.ts';
import { literal, numberLiteral } from './literals.ts';
import { parameter } from './parameters.ts';
import { parseDataType } from './parse-type.ts';
import { specialForm } from './special-forms.ts';
import { subquery } from './subquery.ts';
import { atTypedLiteral, typedLiteral } from './typed-literals.ts';

/** A value and what is attached to it: `.field`, `[index]`, `::TYPE`. `negative`: a minus stands before a number. */
export function primary(grammar: Grammar, negative: boolean): Expression {
  const { tokens } = grammar;
  const start = tokens.peek();
  let value = negative ? negativeNumber(grammar) : operand(grammar);
  for (;;) {
    if (tokens.accept('[')) {
      const key = grammar.expression();
      tokens.expect(']');
      value = { kind: 'extract', child: value, key };
    } else if (tokens.at('.') && value.kind !== 'star') {
      tokens.next();
      if (tokens.at('*')) tokens.fail(': a star follows the name of a struct or table only');
      value = { kind: 'extract', child: value, key: literal('string', tokens.name('a field name')) };
    } else if (tokens.accept('::')) {
      const type = parseDataType(tokens);
      value = { kind: 'cast', child: value, type, mode: 'cast', position: tokens.since(start) };
    } else return value;
  }
}

function negativeNumber({ tokens }: Grammar): Expression {
  const start = tokens.next();
  const value = numberLiteral(tokens.next(), true);
  return value.kind === 'literal' ? { ...value, position: tokens.since(start) } : value;
}

function operand(grammar: Grammar): Expression {
  const { tokens } = grammar;
  const token = tokens.peek();
  switch (token.kind) {
    case 'number': {
      const value = placed(tokens.position(token), () => numberLiteral(tokens.next(), false));
      return value.kind === 'literal' ? { ...value, position: tokens.position(token) } : value;
    }
    case 'string': {
      const value = text(grammar);
      return value.kind === 'literal' ? { ...value, position: tokens.since(token) } : value;
    }
    case 'symbol':
      return symbol(grammar);
    case 'quoted':
      return nameOrCall(grammar);
    case 'word':
      return word(grammar);
    case 'end':
      return tokens.fail(': an expression is missing');
    default:
      return token.kind satisfies never;
  }
}

/** Texts that follow each other are one. */
function text({ tokens }: Grammar): Expression {
  let value = tokens.next().value;
  while (tokens.peek().kind === 'string') value += tokens.next().value;
  return literal('string', value);
}

function symbol(grammar: Grammar): Expression {
  const { tokens } = grammar;
  const star = tokens.peek();
  if (tokens.accept('*')) return { kind: 'star', qualifier: [], position: tokens.position(star), ...left(grammar) };
  const marker = parameter(tokens);
  if (marker !== undefined) return marker;
  if (!tokens.at('(')) return tokens.fail();
  const parameters = lambdaParameters(grammar);
  if (parameters !== undefined) return { kind: 'lambda', parameters, body: grammar.expression() };
  if (atQuery(grammar, 1)) return subquery(grammar, 'scalar');
  tokens.next();
  const first = grammar.named();
  if (!tokens.at(',')) {
    tokens.expect(')');
    return first.kind === 'alias' ? call('struct', first) : first;
  }
  const fields = [first];
  while (tokens.accept(',')) fields.push(grammar.named());
  tokens.expect(')');
  return call('struct', ...fields);
}

/** The names of `(a, b) ->`, read over if that is what comes. */
function lambdaParameters({ tokens }: Grammar): readonly string[] | undefined {
  const names: string[] = [];
  let at = 1;
  for (;;) {
    const name = tokens.peek(at);
    if (name.kind !== 'word' && name.kind !== 'quoted') return undefined;
    names.push(name.value);
    const { key } = tokens.peek(at + 1);
    at += 2;
    if (key === ')') break;
    if (key !== ',') return undefined;
  }
  if (tokens.peek(at).key !== '->') return undefined;
  for (let i = 0; i <= at; i++) tokens.next();
  return names;
}

function word(grammar: Grammar): Expression {
  const { tokens } = grammar;
  const token = tokens.peek();
  const next = tokens.peek(1);
  const isPath = next.key === '.';
  if (!isPath) {
    if (token.key === 'NULL') return constant(grammar, literal('void', null));
    if (token.key === 'TRUE') return constant(grammar, literal('boolean', true));
    if (token.key === 'FALSE') return constant(grammar, literal('boolean', false));
    if (token.key === 'EXISTS' && next.key === '(' && atQuery(grammar, 2)) {
      tokens.next();
      return subquery(grammar, 'exists', token);
    }
    if (next.key === '->') {
      tokens.next();
      tokens.next();
      return { kind: 'lambda', parameters: [token.value], body: grammar.expression() };
    }
    if (atIntervalLiteral(tokens)) return intervalLiteral(tokens);
    if (atTypedLiteral(tokens)) return typedLiteral(tokens);
    const special = specialForm(grammar);
    if (special !== undefined) return special;
  }
  return nameOrCall(grammar);
}

function constant({ tokens }: Grammar, value: Expression): Expression {
  tokens.next();
  return value;
}

/** `a.b.c`, `a.*`, `f(...)`. */
function nameOrCall(grammar: Grammar): Expression {
  const { tokens } = grammar;
  const start = tokens.peek();
  const parts = [tokens.name()];
  while (tokens.at('.')) {
    if (tokens.accept('.', '*')) {
      return { kind: 'star', qualifier: parts, position: tokens.since(start), ...left(grammar) };
    }
    const { kind } = tokens.peek(1);
    if (kind !== 'word' && kind !== 'quoted') tokens.fail(': a field name is missing', tokens.peek(1));
    tokens.next();
    parts.push(tokens.name());
  }
  if (tokens.at('(')) return functionCall(grammar, parts.at(-1) ?? '', start);
  return { kind: 'name', parts, position: tokens.since(start) };
}

/** `* EXCEPT (a, b)`: columns that a star leaves out. */
function left({ tokens }: Grammar): { readonly except?: readonly (readonly string[])[] } {
  if (!tokens.at('EXCEPT', '(') || atQuery({ tokens }, 2) || tokens.peek(2).key === '(') return {};
  tokens.expect('EXCEPT', '(');
  const except: string[][] = [];
  do {
    const parts = [tokens.name('a column')];
    while (tokens.accept('.')) parts.push(tokens.name('a field name'));
    except.push(parts);
  } while (tokens.accept(','));
  tokens.expect(')');
  return { except };
}
