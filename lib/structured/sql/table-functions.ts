import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import { findFunction } from '../functions/registry.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { QuerySource } from './query-source.ts';
import { sqlPlace } from './sql-place.ts';

/** A function behind FROM: `range(1, 10)`, or one that gives rows, as `explode(array(1, 2))`. */
export function tableFunction(source: QuerySource): LogicalPlan {
  const { tokens } = source;
  const start = tokens.next();
  const name = start.value;
  const args = callArguments(source);
  const position = tokens.since(start);
  const where = sqlPlace(position);
  if (name.toLowerCase() === 'range') {
    const numbers = args.map(numberOf);
    const [first = 0, second, step = 1] = numbers;
    if (numbers.length === 0 || numbers.length > 4 || numbers.includes(undefined) || step === 0) {
      raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
        function: 'range',
        expected: '1 to 4 whole',
        actual: args.length,
        usage: 'range([start,] end[, step])',
      });
    }
    const [from, until] = second === undefined ? [0, first] : [first, second];
    return source.node({ kind: 'range', start: from, end: until, step });
  }
  if (findFunction(name)?.body.kind !== 'generator') {
    raise('UNRESOLVABLE_TABLE_VALUED_FUNCTION', { name: `\`${name}\`` }, { where });
  }
  return source.node({
    kind: 'lateralView',
    child: source.node({ kind: 'local', schema: { kind: 'struct', fields: [] }, rows: [[]] }),
    generator: { kind: 'call', name, args, position },
    isOuter: false,
    columns: [],
    position,
  });
}

function numberOf(e: Expression): number | undefined {
  const value = e.kind === 'literal' ? Number(e.value) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The expressions between brackets. */
function callArguments({ tokens, expressions }: QuerySource): readonly Expression[] {
  tokens.expect('(');
  const args: Expression[] = [];
  if (!tokens.at(')')) {
    do args.push(expressions.expression());
    while (tokens.accept(','));
  }
  tokens.expect(')');
  return args;
}
