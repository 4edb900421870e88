import { raise } from '../../kernel/errors.ts';
import type { ParameterValues } from './parameters.ts';
import { type PlanIds, QueryParser } from './query-parser.ts';
import type { Statement } from './statement.ts';
import { TokenStream } from './token-stream.ts';

type Read = (parser: QueryParser) => Statement;

/**
 * What a SQL text says: a query, or `CREATE TEMPORARY VIEW`, `DROP VIEW`, `SHOW TABLES`, `SHOW COLUMNS`, `DESCRIBE`, `EXPLAIN`, `SET`,
 * `RESET`. One statement; a semicolon may end it.
 *
 * @example
 * parseStatement('CREATE TEMP VIEW big AS SELECT * FROM items WHERE v > 10', session)
 */
export function parseStatement(text: string, ids: PlanIds, parameters?: ParameterValues): Statement {
  const tokens = new TokenStream(text, parameters);
  if (tokens.peek().kind === 'end') raise('PARSE_EMPTY_STATEMENT', {});
  const parser = new QueryParser(tokens, ids);
  const read = commands[tokens.peek().key];
  const statement = read === undefined ? ({ kind: 'query', plan: parser.query() } as const) : read(parser);
  tokens.end();
  return statement;
}

const commands: Readonly<Record<string, Read>> = {
  CREATE: createView,
  DROP({ tokens }) {
    tokens.expect('DROP');
    tokens.accept('TEMPORARY');
    tokens.expect('VIEW');
    const ifExists = tokens.accept('IF', 'EXISTS');
    return { kind: 'dropView', parts: viewName(tokens), ifExists };
  },
  SHOW: show,
  DESCRIBE: describe,
  DESC: describe,
  EXPLAIN(parser) {
    const { tokens } = parser;
    tokens.expect('EXPLAIN');
    const isExtended = tokens.accept('EXTENDED');
    if (!isExtended && !tokens.accept('FORMATTED')) tokens.accept('CODEGEN');
    return { kind: 'explain', plan: parser.query(), isExtended };
  },
  SET: set,
  RESET({ tokens }) {
    tokens.expect('RESET');
    return tokens.peek().kind === 'end' ? { kind: 'reset' } : { kind: 'reset', key: settingName(tokens) };
  },
};

function createView(parser: QueryParser): Statement {
  const { tokens } = parser;
  tokens.expect('CREATE');
  const isReplaced = tokens.accept('OR', 'REPLACE');
  const isGlobal = tokens.accept('GLOBAL');
  if (!tokens.accept('TEMP') && !tokens.accept('TEMPORARY')) {
    tokens.fail(": 'TEMPORARY' is missing; views end with their session");
  }
  tokens.expect('VIEW');
  const ifNotExists = tokens.accept('IF', 'NOT', 'EXISTS');
  const name = tokens.name('a view');
  const columns: string[] = [];
  if (tokens.accept('(')) {
    do columns.push(tokens.name('a column'));
    while (tokens.accept(','));
    tokens.expect(')');
  }
  tokens.expect('AS');
  const query = parser.query();
  const plan = columns.length === 0 ? query : parser.node({ kind: 'alias', child: query, columns });
  return {
    kind: 'createView',
    name,
    isGlobal,
    onClash: isReplaced ? 'replace' : ifNotExists ? 'ignore' : 'fail',
    plan,
  };
}

function show(parser: QueryParser): Statement {
  const { tokens } = parser;
  tokens.expect('SHOW');
  if (tokens.accept('COLUMNS')) {
    if (!tokens.accept('IN')) tokens.expect('FROM');
    return { kind: 'showColumns', plan: parser.table() };
  }
  const columns = tokens.accept('VIEWS') ? 'views' : 'tables';
  if (columns === 'tables') tokens.expect('TABLES');
  tokens.accept('LIKE');
  const isPattern = tokens.peek().kind === 'string';
  return { kind: 'showTables', columns, ...(isPattern ? { pattern: tokens.next().value } : {}) };
}

function describe(parser: QueryParser): Statement {
  const { tokens } = parser;
  tokens.next();
  const isQuery = tokens.accept('QUERY') || ['SELECT', 'WITH', 'VALUES'].includes(tokens.peek().key);
  if (isQuery) return { kind: 'describe', plan: parser.query() };
  tokens.accept('TABLE');
  tokens.accept('EXTENDED');
  return { kind: 'describe', plan: parser.table() };
}

/** `SET key = value`: the value is what stands there, up to the end. */
function set({ tokens }: QueryParser): Statement {
  tokens.expect('SET');
  if (tokens.peek().kind === 'end') return { kind: 'set' };
  if (tokens.accept('TIME', 'ZONE')) {
    const zone = tokens.next();
    return { kind: 'set', key: 'spark.sql.session.timeZone', value: zone.value };
  }
  const key = settingName(tokens);
  if (!tokens.accept('=')) return { kind: 'set', key };
  const from = tokens.peek().from;
  while (tokens.peek().kind !== 'end') tokens.next();
  return { kind: 'set', key, value: tokens.text.slice(from).replace(/;\s*$/u, '').trim() };
}

function settingName(tokens: TokenStream): string {
  let name = tokens.name('a setting');
  while (tokens.accept('.')) name += `.${tokens.name('a setting')}`;
  return name;
}

function viewName(tokens: TokenStream): readonly string[] {
  const parts = [tokens.name('a view')];
  while (tokens.accept('.')) parts.push(tokens.name('a view'));
  return parts;
}
