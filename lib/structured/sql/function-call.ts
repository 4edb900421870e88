import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { DataType } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { prettyText } from '../expressions/sql-text.ts';
import type { Grammar } from './grammar.ts';
import type { Token } from './lexer.ts';
import { takeOptions } from './option-maps.ts';
import { orderBy, windowReference } from './window-clause.ts';

/** Functions that have the name of a type cast to it: `date('2024-01-01')`. */
const castFunctions: ReadonlyMap<string, DataType> = new Map(
  (
    [
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'decimal',
      'date',
      'timestamp',
      'binary',
      'string',
    ] as const
  ).map((kind) => [kind, atomic(kind)]),
);

type Call = Extract<Expression, { kind: 'call' }>;

/** A call from its opening bracket on: arguments, DISTINCT, named arguments, IGNORE NULLS, WITHIN GROUP, FILTER, OVER. */
export function functionCall(grammar: Grammar, name: string, start: Token): Expression {
  const { tokens } = grammar;
  tokens.expect('(');
  const distinct = !tokens.at('DISTINCT', ')') && tokens.accept('DISTINCT');
  if (!distinct && !tokens.at('ALL', ')') && !tokens.at('ALL', ',')) tokens.accept('ALL');
  const args: Expression[] = [];
  const argNames: (string | null)[] = [];
  let ignoreNulls = false;
  if (!tokens.at(')')) {
    do {
      const isNamed = tokens.peek(1).key === '=>';
      argNames.push(isNamed ? tokens.name() : null);
      if (isNamed) tokens.expect('=>');
      args.push(name.toLowerCase() === 'struct' ? grammar.named() : grammar.expression());
      ignoreNulls ||= nullTreatment(grammar);
    } while (tokens.accept(','));
  }
  tokens.expect(')');
  ignoreNulls = nullTreatment(grammar) || ignoreNulls;
  const cast = castFunctions.get(name.toLowerCase());
  const [only] = args;
  if (cast !== undefined && args.length !== 1) {
    raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
      function: name,
      expected: 1,
      actual: args.length,
      usage: `${name}(expr)`,
    });
  }
  if (cast !== undefined && only !== undefined && args.length === 1)
    return { kind: 'cast', child: only, type: cast, mode: 'cast', text: prettyText(only) };
  if (name.toLowerCase() === 'when' && args.length > 1) return caseOf(args);
  const group = withinGroup(grammar);
  const filter = filterClause(grammar);
  const taken = takeOptions(name, args);
  const settings = { ...taken.options, ...options(ignoreNulls, group.directions) };
  const position = tokens.since(start);
  const made: Call = {
    kind: 'call',
    name,
    args: [...taken.args, ...group.args],
    position,
    ...(argNames.some((each) => each !== null) ? { argNames } : {}),
    ...(distinct ? { distinct } : {}),
    ...(filter === undefined ? {} : { filter }),
    ...(Object.keys(settings).length > 0 ? { options: settings } : {}),
  };
  if (!tokens.accept('OVER')) return made;
  return { kind: 'over', child: made, window: windowReference(grammar), position: tokens.since(start) };
}

/** `when(c1, v1, c2, v2, other)` is CASE as a function. */
function caseOf(args: readonly Expression[]): Expression {
  const branches: (readonly [Expression, Expression])[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) branches.push([args[i] as Expression, args[i + 1] as Expression]);
  const otherwise = args.length % 2 === 1 ? args.at(-1) : undefined;
  return { kind: 'case', branches, ...(otherwise === undefined ? {} : { otherwise }) };
}

function options(ignoreNulls: boolean, directions: readonly string[]): Readonly<Record<string, string>> {
  return {
    ...(ignoreNulls ? { ignoreNulls: 'true' } : {}),
    ...(directions.length > 0 ? { withinGroup: directions.join(',') } : {}),
  };
}

function nullTreatment({ tokens }: Grammar): boolean {
  if (tokens.accept('IGNORE', 'NULLS')) return true;
  tokens.accept('RESPECT', 'NULLS');
  return false;
}

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY v)`: what is ordered becomes the last arguments, how it is ordered an option. */
function withinGroup(grammar: Grammar): {
  readonly args: readonly Expression[];
  readonly directions: readonly string[];
} {
  const { tokens } = grammar;
  if (!tokens.accept('WITHIN', 'GROUP')) return { args: [], directions: [] };
  tokens.expect('(');
  const order = orderBy(grammar);
  tokens.expect(')');
  return {
    args: order.map(({ child }) => child),
    directions: order.map(
      ({ ascending, nullsFirst }) => `${ascending ? 'ASC' : 'DESC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
    ),
  };
}

function filterClause(grammar: Grammar): Expression | undefined {
  const { tokens } = grammar;
  if (!tokens.accept('FILTER', '(')) return undefined;
  tokens.expect('WHERE');
  const condition = grammar.expression();
  tokens.expect(')');
  return condition;
}
