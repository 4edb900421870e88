import { host } from '../../io/host.ts';
import { tableFormat, tableFormatNames } from '../../io/table-format.ts';
import { TextOptions } from '../../io/text-options.ts';
import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import type { Expression } from '../expressions/expression.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { SessionState } from '../session-state.ts';
import type { StructType } from '../types/data-type.ts';
import { parseSchema } from '../types/ddl.ts';
import { atomic } from '../types/type-classes.ts';
import { typeText } from '../types/type-text.ts';
import { csvRules, parseCsvLine } from './csv-text.ts';

/** A read as it was put together. */
export interface ReadRequest {
  readonly isStreaming: boolean;
  readonly format: string;
  readonly options: Readonly<Record<string, string>>;
  readonly schema: StructType | undefined;
}

/** The DataFrame of a read; everything that is wrong with its format, options and schema is raised here. */
export function readPlan(session: SessionState, request: ReadRequest): DataFrame {
  const { isStreaming, options, schema } = request;
  const format = request.format.toLowerCase();
  const known = tableFormat(format);
  if (known === undefined) {
    raise('DATA_SOURCE_NOT_FOUND', {
      provider: request.format,
      action: isStreaming ? 'read a stream' : 'read',
      known: tableFormatNames().join(', '),
    });
  }
  if ((isStreaming ? known.stream : known.scan) === undefined) {
    const [action, instead] = isStreaming ? ['read as a stream', 'spark.read'] : ['read at once', 'spark.readStream'];
    raise('SOURCE_NOT_A_STREAM', { format, action, instead });
  }
  const plan = (node: LogicalNode): LogicalPlan => ({ ...node, planId: session.nextId() });
  const given = new TextOptions(options);
  const isFile = format === 'json' || format === 'csv' || format === 'text';
  if (!isFile && schema !== undefined) raise('SOURCE_SCHEMA_GIVEN', { format });
  if (isFile && format !== 'text' && schema === undefined) raise('SOURCE_SCHEMA_MISSING', { format });
  const columns = known.columns(given, isStreaming);
  const path = given.get('path');
  if (isFile && path !== undefined && !host().files.existsSync(path.replace(/^file:(?:\/\/)?(?=\/)/u, ''))) {
    raise('PATH_NOT_FOUND', { path });
  }
  const read = plan({
    kind: 'read',
    isStreaming,
    format,
    options,
    schema: parseSchema(columns.map(([name, type]) => `\`${name}\` ${type}`).join(', ')),
  });
  if (schema === undefined || !isFile || format === 'text') return session.frameOf(read);
  const filled = plan({ kind: 'filter', child: read, condition: isFilled(format, given) });
  const select =
    format === 'json' ? jsonColumns(plan, filled, schema, options) : csvColumns(plan, filled, schema, given);
  return session.frameOf(select);
}

const line: Expression = { kind: 'name', parts: ['value'] };

function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}

function text(value: string): Expression {
  return { kind: 'literal', value, type: atomic('string') };
}

/** Blank lines are no rows, nor are comments of CSV. */
function isFilled(format: string, options: TextOptions): Expression {
  const filled = call('not', call('=', call('trim', line), text('')));
  const comment = format === 'csv' ? options.get('comment') : undefined;
  return comment === undefined ? filled : call('and', filled, call('not', call('startswith', line, text(comment))));
}

type MakePlan = (node: LogicalNode) => LogicalPlan;

function jsonColumns(
  plan: MakePlan,
  child: LogicalPlan,
  schema: StructType,
  options: Readonly<Record<string, string>>,
): LogicalPlan {
  const parsed = '__json';
  const fromJson: Expression = {
    kind: 'call',
    name: 'from_json',
    args: [line, text(typeText(schema))],
    options: jsonOptions(options),
  };
  const row = plan({ kind: 'project', child, columns: [{ kind: 'alias', child: fromJson, names: [parsed] }] });
  return plan({ kind: 'project', child: row, columns: [{ kind: 'star', qualifier: [parsed] }] });
}

/** Options of the folder mean nothing to the parser. */
function jsonOptions(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ofFolder = new Set([
    'path',
    'maxfilespertrigger',
    'maxbytespertrigger',
    'latestfirst',
    'filenameonly',
    'maxfileage',
    'cleansource',
    'sourcearchivedir',
    'pathglobfilter',
    'wholetext',
    'multiline',
    'linesep',
  ]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofFolder.has(name.toLowerCase())));
}

/** The parts of a line by position, each cast to its column's type; what cannot be cast is null. */
function csvColumns(plan: MakePlan, child: LogicalPlan, schema: StructType, options: TextOptions): LogicalPlan {
  const rules = csvRules(options);
  const parts = '__csv';
  const split: Expression = {
    kind: 'udf',
    name: 'csv',
    call: (value) => parseCsvLine(String(value), rules),
    returns: { kind: 'array', element: atomic('string'), containsNull: true },
    args: [line],
    deterministic: true,
  };
  const row = plan({ kind: 'project', child, columns: [{ kind: 'alias', child: split, names: [parts] }] });
  const columns = schema.fields.map(({ name, type }, i): Expression => {
    const value = call('get', { kind: 'name', parts: [parts] }, { kind: 'literal', value: i, type: atomic('int') });
    const cast: Expression = type.kind === 'string' ? value : { kind: 'cast', child: value, type, mode: 'try' };
    return { kind: 'alias', child: cast, names: [name] };
  });
  return plan({ kind: 'project', child: row, columns });
}
