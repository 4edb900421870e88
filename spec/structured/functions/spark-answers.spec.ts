import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { Session } from '../../../lib/structured/session.ts';
import { typeText } from '../../../lib/structured/types/type-text.ts';

/** Expressions with the name, type and text that Spark 4.1.2 gave them under the settings, or the class of its error. */
interface Answers {
  readonly settings: readonly { readonly timeZone: string; readonly ansi: boolean }[];
  readonly answers: readonly Answer[];
}

type Answer = readonly [expression: string, ...answer: (string | null)[]];

const folder = new URL('../../golden/expressions/', import.meta.url);

/** Where we answer otherwise, and why: a name of ours, or all of an answer. */
const differences: ReadonlyMap<string, string> = new Map(
  readFileSync(new URL('spark-differences.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t') as [string, string]),
);

const batchSize = 64;

/** What each expression gives; several in one query, because a query each would take its time. */
async function answersOf(session: Session, expressions: readonly string[]): Promise<(readonly (string | null)[])[]> {
  const frame = session.createDataFrame([[0]], 'zz INT');
  try {
    const { schema } = frame.selectExpr(...expressions);
    const types = schema.fields.map(({ type }) => typeText(type));
    const texts = expressions.map((expression, i) =>
      types[i] === 'binary' ? `hex(${expression}) AS t${i}` : `CAST((${expression}) AS STRING) AS t${i}`,
    );
    const [row] = (await frame.selectExpr(...texts).collect()) as unknown as [Readonly<Record<string, string | null>>];
    return expressions.map((_, i) => [schema.fields[i]?.name ?? '', types[i] ?? '', row[`t${i}`] ?? null]);
  } catch (error) {
    if (expressions.length === 1) return [[rootCode(error)]];
    const middle = expressions.length >> 1;
    const first = await answersOf(session, expressions.slice(0, middle));
    return [...first, ...(await answersOf(session, expressions.slice(middle)))];
  }
}

function rootCode(error: unknown): string {
  if (!(error instanceof MillraceError)) return `bug: ${String(error)}`;
  const isWrapped = error.code === 'STREAM_FAILED' && error.cause !== undefined;
  return isWrapped ? rootCode(error.cause) : error.code;
}

/** Spark's subclasses of an error tell causes apart that we need not tell apart. */
function classOf(code: string | null | undefined): string {
  const name = (code ?? '').split('.')[0] ?? '';
  // Where Spark fails with an exception of Java, any error of ours is one.
  return name.startsWith('!') ? '!' : name;
}

function isSame([expression, ...expected]: Answer, given: readonly (string | null)[]): boolean {
  if (expected.length === 1) {
    const wanted = classOf(expected[0]);
    return given.length === 1 && (wanted === '!' || wanted === classOf(given[0]));
  }
  const isNamed = expected[0] === given[0] || differences.get(expression)?.startsWith('named ') === true;
  return isNamed && expected[1] === given[1] && expected[2] === given[2];
}

function parts<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, i) =>
    items.slice(i * batchSize, (i + 1) * batchSize),
  );
}

describe.each(['string', 'math', 'datetime', 'conditional'])('Spark 4.1.2, functions of %s', (name) => {
  const recorded = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as readonly Answers[];
  const cases = recorded.flatMap(({ settings, answers }) => settings.map((setting) => ({ ...setting, answers })));
  const keys = [...new Set(cases.map(({ timeZone, ansi }) => `${timeZone} ${ansi ? 'ansi' : 'legacy'}`))];

  it.each(keys)('in %s give the same names, types, values and errors', async (key) => {
    const [timeZone = '', mode] = key.split(' ');
    const ansi = mode === 'ansi';
    const session = Session.builder()
      .config('spark.sql.session.timeZone', timeZone)
      .config('spark.sql.ansi.enabled', String(ansi))
      .getOrCreate();
    const compared = cases
      .filter((each) => each.timeZone === timeZone && each.ansi === ansi)
      .flatMap(({ answers }) => answers)
      .filter(([expression]) => !differences.has(expression) || differences.get(expression)?.startsWith('named '));
    const valued = compared.filter((answer) => answer.length > 2);
    const failing = compared.filter((answer) => answer.length === 2);
    const found: string[] = [];
    for (const part of [...parts(valued), ...failing.map((answer) => [answer])]) {
      const given = await answersOf(
        session,
        part.map(([expression]) => expression),
      );
      for (const [i, answer] of part.entries()) {
        if (isSame(answer, given[i] ?? [])) continue;
        found.push(`${answer[0]}\n  Spark: ${answer.slice(1).join(' | ')}\n  ours:  ${given[i]?.join(' | ')}`);
      }
    }
    expect(found.join('\n')).toBe('');
  });
});
