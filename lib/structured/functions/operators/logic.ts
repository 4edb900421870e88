import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { Dialect } from '../../types/coercion.ts';
import { atomic } from '../../types/type-classes.ts';
import { type FunctionDefinition, type ResolvedSignature, defineFunction } from '../define-function.ts';
import { oneOf, twoOf, wrongType } from './operands.ts';

const boolean = atomic('boolean');

/** A text is read as a truth value only with ANSI, and next to one. */
function truths(name: string, args: readonly TypedExpression[], { ansi }: Dialect): ResolvedSignature {
  for (const arg of args) {
    const { kind } = arg.type;
    if (kind !== 'boolean' && kind !== 'void' && (kind !== 'string' || !ansi)) wrongType(name, arg, 'BOOLEAN');
  }
  const text = args.find(({ type }) => type.kind === 'string');
  if (text !== undefined && args.length > 1 && args.every(({ type }) => type.kind !== 'boolean'))
    wrongType(name, text, 'BOOLEAN');
  return { args: args.map(() => boolean), type: boolean };
}

const and = defineFunction({
  name: 'and',
  group: 'operator',
  summary: 'Whether both sides hold; the right side is not looked at when the left one is false.',
  usage: 'a AND b',
  examples: [
    ['true AND NULL', 'NULL'],
    ['false AND NULL', 'false'],
  ],
  resolve: (args, site) => truths('and', twoOf('and', args), site),
  body: { kind: 'special' },
});

const or = defineFunction({
  name: 'or',
  group: 'operator',
  summary: 'Whether one side holds; the right side is not looked at when the left one is true.',
  usage: 'a OR b',
  examples: [
    ['true OR NULL', 'true'],
    ['false OR NULL', 'NULL'],
  ],
  resolve: (args, site) => truths('or', twoOf('or', args), site),
  body: { kind: 'special' },
});

const not = defineFunction({
  name: 'not',
  aliases: ['!'],
  group: 'operator',
  summary: 'The opposite; null of null.',
  usage: 'NOT a',
  examples: [['NOT true', 'false']],
  resolve: (args, site) => truths('not', [oneOf('not', args)], site),
  body: {
    kind: 'scalar',
    bind: () => ({ evaluate: (value: boolean) => !value, generate: ([a]) => `!${a}` }),
  },
});

export const logicOperators: readonly FunctionDefinition[] = [and, or, not];
