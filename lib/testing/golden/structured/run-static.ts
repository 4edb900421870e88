import * as functions from '../../../functions.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { DataFrame } from '../../../structured/data-frame.ts';
import { Session } from '../../../structured/session.ts';
import { parseSchema } from '../../../structured/types/ddl.ts';
import { sqlTypeText, typeText } from '../../../structured/types/type-text.ts';
import { Window } from '../../../structured/window-spec.ts';
import { canonical, canonicalBatch } from '../compare-values.ts';
import type { GoldenResult } from '../golden-result.ts';
import { codesOf } from './structured-bench.ts';
import type { StaticCase, StaticGoldenFile, StaticTable } from './static-file.ts';

/** Asks the questions of a static golden file, and compares the answers: columns with types, texts of all values, classes of errors. */
export async function* runStaticFile(
  fileName: string,
  file: StaticGoldenFile,
  filter: string,
): AsyncGenerator<GoldenResult> {
  const sessions = new Map<string, Session>();
  for (const one of file.cases) {
    const conf = { ...file.conf, ...one.conf };
    const name = `${fileName}: ${[one.name ?? one.sql ?? '', ...Object.entries(one.conf ?? {}).flat()].join(' ')}`;
    if (!name.includes(filter)) continue;
    if (one.differs !== undefined) {
      yield { kind: 'skipped', name, reason: one.differs };
      continue;
    }
    const key = JSON.stringify(conf);
    const session = sessions.get(key) ?? (await sessionWith(file, conf));
    sessions.set(key, session);
    const difference = await differenceOf(one, session, Object.keys(file.tables));
    yield difference === undefined
      ? { kind: 'passed', name }
      : { kind: 'failed', name, reason: difference.replaceAll('\n', ' ') };
  }
}

async function sessionWith(file: StaticGoldenFile, conf: Readonly<Record<string, string>>): Promise<Session> {
  const { timeZone = 'UTC', ansi = true } = file.session ?? {};
  const session = new Session({
    config: { 'spark.sql.session.timeZone': timeZone, 'spark.sql.ansi.enabled': String(ansi), ...conf },
  });
  for (const [name, table] of Object.entries(file.tables)) {
    (await tableOf(session, table)).createOrReplaceTempView(name);
  }
  return session;
}

async function tableOf(session: Session, { schema, rows }: StaticTable): Promise<DataFrame> {
  const parsed = parseSchema(schema);
  const selects = rows.map((row) =>
    parsed.fields.map(({ name, type }, i) => `CAST(${row[i] ?? 'NULL'} AS ${sqlTypeText(type)}) AS \`${name}\``),
  );
  const frames = selects.map((select) => session.range(1).selectExpr(...select));
  const made = frames.length === 0 ? [] : await frames.reduce((all, frame) => all.union(frame)).rows();
  return session.state.frame({ kind: 'local', schema: parsed, rows: made });
}

async function differenceOf(one: StaticCase, session: Session, tables: readonly string[]): Promise<string | undefined> {
  let actual: Pick<StaticCase, 'schema' | 'rows' | 'value'>;
  try {
    actual = await answerOf(await resultOf(one, session, tables));
  } catch (error) {
    return errorDifference(one, error);
  }
  if (one.error !== undefined) return `expected ${one.error.errorClass}, actual ${canonical(actual)}`;
  for (const part of ['schema', 'value'] as const) {
    const [expected, given] = [canonical(one[part]), canonical(actual[part])];
    if (expected !== given) return `${part}: expected ${expected} actual ${given}`;
  }
  const isOrdered = one.ordered === true;
  const [expected, given] = [canonicalBatch(one.rows, isOrdered), canonicalBatch(actual.rows, isOrdered)];
  return expected === given ? undefined : `rows: expected ${expected} actual ${given}`;
}

async function resultOf({ sql, query }: StaticCase, session: Session, tables: readonly string[]): Promise<unknown> {
  if (sql !== undefined) return session.sql(sql);
  const { col, lit, expr, window, when } = functions;
  const frames = Object.fromEntries(tables.map((name) => [name, session.table(name)]));
  const tools = { F: functions, col, lit, expr, window, when, Window, spark: session };
  // The texts are the programs of this test: they have to be evaluated.
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  const run = new Function(`'use strict'; return (${query?.ts ?? ''});`)() as (
    frames: object,
    tools: object,
  ) => unknown;
  return await run(frames, tools);
}

async function answerOf(result: unknown): Promise<Pick<StaticCase, 'schema' | 'rows' | 'value'>> {
  if (!(result instanceof DataFrame)) return { value: plain(result) };
  const { fields } = result.schema;
  const named = result.toDF(...fields.map((_, i) => `c${i}`));
  const texts = named.selectExpr(
    ...fields.map(({ type }, i) => (type.kind === 'binary' ? `hex(c${i})` : `CAST(c${i} AS STRING)`)),
  );
  return {
    schema: fields.map(({ name, type }) => ({ name, type: typeText(type) })),
    rows: (await texts.rows()) as readonly (readonly (string | null)[])[],
  };
}

/** A value of JavaScript as the file writes what Python has. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' && Number.isNaN(value)) return 'NaN';
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

/** The class counts, not what stands behind its dot; where Spark's has no meaning that lasts, any code of ours will do. */
function errorDifference({ error }: StaticCase, actual: unknown): string | undefined {
  if (error === undefined) return `expected an answer, failed with ${messageOf(actual)}`;
  const [wanted = ''] = error.errorClass.split('.');
  const codes = codesOf(actual);
  if (codes.length === 0) return `expected a coded error, actual ${messageOf(actual)}`;
  if (wanted.startsWith('_LEGACY') || !/^[A-Z_]+$/u.test(wanted)) return undefined;
  return codes.some((code) => code.split('.')[0] === wanted)
    ? undefined
    : `expected ${error.errorClass}, actual ${codes.join(' > ')}: ${messageOf(actual)}`;
}
