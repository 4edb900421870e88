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

const folder = new URL('../../recorded/expressions/', import.meta.url);

/** Where we answer otherwise, and why: a name of ours (of a function when an open bracket ends the line), or all of an answer. */
const differences: ReadonlyMap<string, string> = new Map(
  readFileSync(new URL('spark-differences.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t') as [string, string]),
);

function hasOwnName(expression: string): boolean {
  const called = expression.slice(0, expression.indexOf('(') + 1).toLowerCase();
  // The literal of a time is named as it is written.
  if (/\btimestamp'/iu.test(expression)) return true;
  return [expression, called].some((key) => differences.get(key)?.startsWith('named ') === true);
}

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
  // Spark has another code for patterns that its old versions took.
  if (name === 'INCONSISTENT_BEHAVIOR_CROSS_VERSION') return 'INVALID_DATETIME_PATTERN';
  // Where Spark fails with an exception of Java, any error of ours is one.
  return name.startsWith('!') ? '!' : name;
}

function isSame([expression, ...expected]: Answer, given: readonly (string | null)[]): boolean {
  if (expected.length === 1) {
    const wanted = classOf(expected[0]);
    return given.length === 1 && (wanted === '!' || wanted === classOf(given[0]));
  }
  const isNamed = expected[0] === given[0] || hasOwnName(expression);
  return isNamed && expected[1] === given[1] && expected[2] === given[2];
}

function parts<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, i) =>
    items.slice(i * batchSize, (i + 1) * batchSize),
  );
}

interface Setting {
  readonly timeZone: string;
  readonly ansi: boolean;
}

/** The settings under which a group of functions was recorded. */
export function settingsOf(group: string): readonly Setting[] {
  const all = recorded(group).flatMap(({ settings }) => settings);
  const isFirst = (setting: Setting, i: number): boolean =>
    all.findIndex(({ timeZone, ansi }) => timeZone === setting.timeZone && ansi === setting.ansi) === i;
  return all.filter(isFirst);
}

function recorded(group: string): readonly Answers[] {
  return JSON.parse(readFileSync(new URL(`${group}.json`, folder), 'utf8')) as readonly Answers[];
}

/**
 * What we answer otherwise than Spark did, a paragraph for each expression; empty when there is nothing. `stride` takes every so many of
 * the answers: all of them take some seconds.
 */
export async function differencesFromSpark(
  group: string,
  { timeZone, ansi }: Setting,
  stride: number,
): Promise<string> {
  const session = Session.builder()
    .config('spark.sql.session.timeZone', timeZone)
    .config('spark.sql.ansi.enabled', String(ansi))
    .getOrCreate();
  const compared = recorded(group)
    .filter(({ settings }) => settings.some((each) => each.timeZone === timeZone && each.ansi === ansi))
    .flatMap(({ answers }) => answers)
    .filter((_, i) => i % stride === 0)
    .filter(([expression]) => !differences.has(expression) || differences.get(expression)?.startsWith('named '));
  const valued = compared.filter((answer) => answer.length > 2);
  const failing = compared.filter((answer) => answer.length === 2);
  const found: string[] = [];
  for (const part of [...parts(valued), ...failing.map((answer) => [answer])]) {
    const expressions = part.map(([expression]) => expression);
    const given = await answersOf(session, expressions);
    for (const [i, answer] of part.entries()) {
      if (isSame(answer, given[i] ?? [])) continue;
      found.push(`${answer[0]}\n  Spark: ${answer.slice(1).join(' | ')}\n  ours:  ${given[i]?.join(' | ')}`);
    }
  }
  return found.join('\n');
}
