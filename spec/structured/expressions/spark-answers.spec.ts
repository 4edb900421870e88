import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { Session } from '../../../lib/structured/session.ts';
import { typeText } from '../../../lib/structured/types/type-text.ts';

/** Expressions with the name, type and text that Spark 4.1.2 gave them, or the class of its error. */
interface Answers {
  readonly timeZone: string;
  readonly ansi: boolean;
  readonly answers: readonly (readonly [expression: string, ...answer: (string | null)[]])[];
}

const recorded = JSON.parse(readFileSync(new URL('spark-answers.json', import.meta.url), 'utf8')) as readonly Answers[];

/** Where we answer otherwise, and why. */
const knownDifferences: ReadonlyMap<string, string> = new Map(
  readFileSync(new URL('spark-differences.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t') as [string, string]),
);

type Row = Readonly<Record<string, string | null>>;

/** The texts of many expressions at once: a query each would take its time. `undefined` when one of them fails. */
async function textsOf(
  session: Session,
  expressions: readonly string[],
): Promise<readonly (string | null)[] | undefined> {
  const texts = expressions.map((expression, i) => `CAST((${expression}) AS STRING) AS y${i}`);
  try {
    const [row] = (await session
      .createDataFrame([[0]], 'zz INT')
      .selectExpr(...texts)
      .collect()) as unknown as [Row];
    return expressions.map((_, i) => row[`y${i}`] ?? null);
  } catch {
    return undefined;
  }
}

/** Name, type and text of an expression, or the class of its error. */
async function ours(session: Session, expression: string, text?: string | null): Promise<readonly (string | null)[]> {
  const one = session.createDataFrame([[0]], 'zz INT');
  try {
    const frame = one.selectExpr(expression);
    const type = typeText(frame.schema.fields[0]?.type ?? { kind: 'void' });
    if (text !== undefined) return [frame.columns[0] ?? '', type, text];
    const [row] = (await frame.toDF('x').selectExpr('CAST(x AS STRING) AS y').collect()) as unknown as [Row];
    return [frame.columns[0] ?? '', type, row['y'] ?? null];
  } catch (error) {
    return [rootCode(error)];
  }
}

function rootCode(error: unknown): string {
  if (!(error instanceof MillraceError)) return String(error);
  const isWrapped = error.code === 'STREAM_FAILED' && error.cause !== undefined;
  return (isWrapped ? rootCode(error.cause) : error.code).split('.')[0] ?? '';
}

describe('Spark 4.1.2', () => {
  it.each(recorded.map((group) => [group.timeZone, group.ansi, group.answers] as const))(
    'in %s with ANSI %s gives the same names, types, values and errors',
    async (timeZone, ansi, answers) => {
      const session = Session.builder()
        .config('spark.sql.session.timeZone', timeZone)
        .config('spark.sql.ansi.enabled', String(ansi))
        .getOrCreate();
      const compared = answers.filter(([expression]) => !knownDifferences.has(expression));
      const valued = compared
        .filter(([expression, ...answer]) => answer.length > 1 && !/ (?:a|AS `b c`)$/u.test(expression))
        .map(([expression]) => expression);
      const texts = await textsOf(session, valued);
      const textOf = new Map(valued.map((expression, i) => [expression, texts?.[i]]));
      const differences: string[] = [];
      for (const [expression, ...answer] of compared) {
        const given = await ours(session, expression, textOf.get(expression));
        const expected = answer.length === 1 ? [answer[0]?.split('.')[0]] : answer;
        if (given.join('|') !== expected.join('|')) {
          differences.push(`${expression}\n  Spark: ${expected.join(' | ')}\n  ours:  ${given.join(' | ')}`);
        }
      }
      expect(differences.join('\n')).toBe('');
    },
  );
});
