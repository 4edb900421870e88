import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { Session } from '../../../lib/structured/session.ts';
import { typeText } from '../../../lib/structured/types/type-text.ts';
import { newSession } from '../frames.ts';

/** A statement with what Spark 4.1.2 answered: columns and rows as text, or the class of its error with what it printed of the place. */
interface Answer {
  readonly sql: string;
  readonly args?: Readonly<Record<string, unknown>> | readonly unknown[];
  readonly columns?: readonly (readonly [name: string, type: string])[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
  readonly summary?: string;
  readonly line?: number;
  readonly pos?: number;
  readonly extract?: string;
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

const { answers } = JSON.parse(read('spark-sql.json')) as { readonly answers: readonly Answer[] };

/** Where we answer otherwise, and why: a line each, the statement (`/` for the end of a line), a tab, the reason. */
const knownDifferences: ReadonlyMap<string, string> = new Map(
  read('spark-sql-differences.txt')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t') as [string, string]),
);

function database(): Session {
  const spark = newSession();
  for (const view of read('spark-views.sql').split(/\n\s*\n/u)) spark.sql(view);
  return spark;
}

async function ours(spark: Session, { sql, args }: Answer): Promise<Partial<Answer>> {
  try {
    const frame = spark.sql(sql, args);
    const columns = frame.schema.fields.map(({ name, type }) => [name, typeText(type)] as const);
    return { columns, rows: columns.length === 0 ? [] : await textsOf(frame) };
  } catch (error) {
    const cause = rootOf(error);
    if (!(cause instanceof MillraceError)) return { error: String(cause) };
    return { error: cause.code, summary: cause.where?.sql ?? '' };
  }
}

async function textsOf(frame: DataFrame): Promise<readonly (readonly (string | null)[])[]> {
  const names = frame.columns.map((_, i) => `c${i}`);
  const texts = frame.toDF(...names).selectExpr(...names.map((name) => `CAST(${name} AS STRING)`));
  return (await texts.rows()) as readonly (readonly (string | null)[])[];
}

function rootOf(error: unknown): unknown {
  const isWrapped = error instanceof MillraceError && error.code === 'STREAM_FAILED' && error.cause !== undefined;
  return isWrapped ? rootOf(error.cause) : error;
}

/** Rows stand in an order only where the statement ends with one. */
function rowsOf({ sql }: Answer, rows: Answer['rows'] = []): readonly string[] {
  const texts = rows.map((row) => JSON.stringify(row));
  return /(?:ORDER|SORT) BY [^()]*(?:\(SELECT[^()]*\([^()]*\)[^()]*\)[^()]*)?$/u.test(sql) ? texts : texts.toSorted();
}

function outcome(answer: Answer, given: Partial<Answer>): string {
  if (given.error !== undefined) return given.error;
  return JSON.stringify({ columns: given.columns, rows: rowsOf(answer, given.rows) });
}

/** What of the place differs from what Spark prints; nothing where Spark prints none. */
function placeDifference({ summary, extract }: Answer, given: Partial<Answer>): string | undefined {
  const expected = extract === undefined ? summary : `\n== SQL ==\n${extract}`;
  if (expected === undefined || expected === given.summary) return undefined;
  return `\n--- Spark\n${expected}\n--- ours\n${given.summary ?? ''}`;
}

describe('Spark 4.1.2', () => {
  let given: readonly Partial<Answer>[] = [];
  beforeAll(async () => {
    const spark = database();
    const found: Partial<Answer>[] = [];
    for (const answer of answers) found.push(await ours(spark, answer));
    given = found;
  });

  it('gives the same columns, rows and errors for each statement', () => {
    const differences = answers.flatMap((answer, i) => {
      const line = answer.sql.replaceAll('\n', ' / ');
      const [expected, actual] = [outcome(answer, answer), outcome(answer, given[i] ?? {})];
      const isSame = expected === actual;
      if (isSame !== knownDifferences.has(line)) return [];
      return [isSame ? `${line}\n   no difference any more` : `${line}\n   Spark ${expected}\n   ours  ${actual}`];
    });
    expect(differences.join('\n')).toBe('');
  });

  it('prints the same place of errors', () => {
    const differences = answers.flatMap((answer, i) => {
      const line = answer.sql.replaceAll('\n', ' / ');
      if (answer.error === undefined || knownDifferences.has(line)) return [];
      const difference = placeDifference(answer, given[i] ?? {});
      const isKnown = knownDifferences.has(`place: ${line}`);
      return (difference === undefined) === isKnown ? [`${line}${difference ?? '\n   no difference any more'}`] : [];
    });
    expect(differences.join('\n')).toBe('');
  });
});
