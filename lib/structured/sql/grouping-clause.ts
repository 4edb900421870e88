import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { QuerySource } from './query-source.ts';
import type { Grouping } from './select-plan.ts';

/** Keys by which one grouping set groups. */
type KeySet = readonly Expression[];

/** What stands behind GROUP BY: expressions, `ALL`, `ROLLUP`, `CUBE`, `GROUPING SETS`, and `WITH ROLLUP` and `WITH CUBE` behind it. */
export function groupingClause(source: QuerySource): Grouping {
  const { tokens } = source;
  if (tokens.at('ALL') && !['.', '(', ',', '+', '-', '*', '/'].includes(tokens.peek(1).key)) {
    tokens.next();
    return { keys: [], type: 'groupBy', isByAll: true };
  }
  const elements = [element(source)];
  while (tokens.accept(',')) elements.push(element(source));
  const plain = elements.flatMap((each) => (each.length === 1 && each[0]?.length === 1 ? each[0] : []));
  const isPlain = plain.length === elements.length;
  if (isPlain && tokens.accept('GROUPING', 'SETS')) return ofSets(plain, sets(source));
  if (isPlain && tokens.accept('WITH', 'ROLLUP')) return { keys: plain, type: 'rollup' };
  if (isPlain && tokens.accept('WITH', 'CUBE')) return { keys: plain, type: 'cube' };
  if (isPlain) return { keys: plain, type: 'groupBy' };
  // Several of them: every set of the one with every set of the other.
  const combined = elements.reduce<readonly KeySet[]>(
    (left, right) => {
      checkCount(left.length * right.length);
      return left.flatMap((a) => right.map((b) => [...a, ...b]));
    },
    [[]],
  );
  return ofSets([], combined);
}

/** The grouping sets that an element stands for: one of one key for an expression. */
function element(source: QuerySource): readonly KeySet[] {
  const { tokens } = source;
  if (tokens.at('ROLLUP', '(') || tokens.at('CUBE', '(')) {
    const isRollup = tokens.next().key === 'ROLLUP';
    const parts = list(source);
    return isRollup ? rollup(parts) : cube(parts);
  }
  if (tokens.accept('GROUPING', 'SETS')) return sets(source);
  return [[source.expressions.expression()]];
}

/** `((a, b), (a), ())`, and `ROLLUP` and `CUBE` among them. */
function sets(source: QuerySource): readonly KeySet[] {
  const { tokens } = source;
  tokens.expect('(');
  const found: KeySet[] = [];
  do {
    if (tokens.at('ROLLUP', '(') || tokens.at('CUBE', '(') || tokens.at('GROUPING', 'SETS')) {
      found.push(...element(source));
    } else found.push(keySet(source));
  } while (tokens.accept(','));
  tokens.expect(')');
  return found;
}

function list(source: QuerySource): readonly KeySet[] {
  const { tokens } = source;
  tokens.expect('(');
  const found = [keySet(source)];
  while (tokens.accept(',')) found.push(keySet(source));
  tokens.expect(')');
  return found;
}

/** `(a, b)`, `()`, or one expression. */
function keySet({ tokens, expressions }: QuerySource): KeySet {
  if (tokens.accept('(', ')')) return [];
  const e = expressions.expression();
  return e.kind === 'call' && e.name === 'struct' && e.position === undefined ? e.args : [e];
}

function rollup(parts: readonly KeySet[]): readonly KeySet[] {
  return Array.from({ length: parts.length + 1 }, (_, dropped) => parts.slice(0, parts.length - dropped).flat());
}

/** Every row goes into each set: a text of some letters must not ask for millions of them. */
const MAX_SETS = 65_536;

function checkCount(sets: number): void {
  if (sets > MAX_SETS) raise('GROUPING_SIZE_LIMIT_EXCEEDED', { maxSize: Math.log2(MAX_SETS) });
}

function cube(parts: readonly KeySet[]): readonly KeySet[] {
  checkCount(2 ** parts.length);
  const count = 2 ** parts.length;
  // From the set of all keys to the empty one, the last key leaving first.
  return Array.from({ length: count }, (_, left) =>
    parts.filter((_, i) => Math.floor(left / 2 ** (parts.length - 1 - i)) % 2 === 0).flat(),
  );
}

function ofSets(keys: readonly Expression[], given: readonly KeySet[]): Grouping {
  const all = [...keys, ...given.flat()];
  let at = keys.length;
  const places = given.map((set) => set.map(() => at++));
  return { keys: all, type: 'groupingSets', sets: places };
}
