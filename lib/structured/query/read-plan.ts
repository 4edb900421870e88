import { host } from '../../io/host.ts';
import { partitionPrefix, tableFormat, tableFormatNames } from '../../io/table-format.ts';
import { TextOptions } from '../../io/text-options.ts';
import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import type { Expression } from '../expressions/expression.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { SessionState } from '../session-state.ts';
import type { StructField, StructType } from '../types/data-type.ts';
import { parseSchema } from '../types/ddl.ts';
import { atomic } from '../types/type-classes.ts';
import { isStateFormat, type StateFormat, stateFormats, stateTable } from '../state-reader/read-state.ts';
import { typeText } from '../types/type-text.ts';
import { openStateView } from './live-stores.ts';
import { type TypedPartition, typedPartitions } from './partition-types.ts';
import { csvRules, parseCsvLine } from '../functions/csv/csv-text.ts';

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
  if (isStateFormat(format)) return readState(session, format, request);
  const known = tableFormat(format);
  if (known === undefined) {
    raise('DATA_SOURCE_NOT_FOUND', {
      provider: request.format,
      action: isStreaming ? 'read a stream' : 'read',
      known: [...tableFormatNames(), ...stateFormats].join(', '),
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
  const partitions = typedPartitions(known.partitions?.(given) ?? [], schema, {
    zoneId: session.conf.timeZone,
    isInferred: session.conf.isTrue('spark.sql.sources.partitionColumnTypeInference.enabled'),
    isSameName: (a, b) => a === b || (!session.conf.isCaseSensitive && a.toLowerCase() === b.toLowerCase()),
  });
  const own = parseSchema(columns.map(([name, type]) => `\`${name}\` ${type}`).join(', '));
  const read = plan({
    kind: 'read',
    isStreaming,
    format,
    options,
    schema: { kind: 'struct', fields: [...own.fields, ...partitions.map(({ folderName }) => rawField(folderName))] },
  });
  if (!isFile || (partitions.length === 0 && (schema === undefined || format === 'text'))) return session.frameOf(read);
  if (schema === undefined || format === 'text') {
    return session.frameOf(plan({ kind: 'project', child: read, columns: [line, ...partitions.map(partitionValue)] }));
  }
  const fields = schema.fields.filter(({ name }) => !partitions.some(({ field }) => field.name === name));
  const data: DataColumns = { plan, schema: { kind: 'struct', fields }, partitions };
  const filled = plan({ kind: 'filter', child: read, condition: isFilled(format, given) });
  return session.frameOf(format === 'json' ? jsonColumns(filled, data, options) : csvColumns(filled, data, given));
}

function readState(session: SessionState, format: StateFormat, { isStreaming, options }: ReadRequest): DataFrame {
  if (isStreaming) {
    raise('SOURCE_NOT_A_STREAM', { format, action: 'read as a stream', instead: 'spark.read' });
  }
  const { schema, source } = stateTable(format, new TextOptions(options), (directory) =>
    openStateView(directory, session.openCheckpoint),
  );
  return session.frame({ kind: 'read', isStreaming: false, format, options, schema, source });
}

/** A partition column as the files give it. */
function rawField(folderName: string): StructField {
  return { name: partitionPrefix + folderName, type: atomic('string'), nullable: true };
}

function rawName(folderName: string): Expression {
  return { kind: 'name', parts: [partitionPrefix + folderName] };
}

function partitionValue({ folderName, field }: TypedPartition): Expression {
  const { type, name } = field;
  const value: Expression =
    type.kind === 'void'
      ? { kind: 'literal', value: null, type }
      : { kind: 'cast', child: rawName(folderName), type, mode: 'cast' };
  return { kind: 'alias', child: value, names: [name] };
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

/** What the rows of files are made of: the columns in their lines, and those in the names of their folders. */
interface DataColumns {
  readonly plan: MakePlan;
  readonly schema: StructType;
  readonly partitions: readonly TypedPartition[];
}

function jsonColumns(
  child: LogicalPlan,
  { plan, schema, partitions }: DataColumns,
  options: Readonly<Record<string, string>>,
): LogicalPlan {
  const parsed = '__json';
  const fromJson: Expression = {
    kind: 'call',
    name: 'from_json',
    args: [line, text(typeText(schema))],
    options: jsonOptions(options),
  };
  const raw = partitions.map(({ folderName }) => rawName(folderName));
  const row = plan({ kind: 'project', child, columns: [{ kind: 'alias', child: fromJson, names: [parsed] }, ...raw] });
  const columns: Expression[] = [{ kind: 'star', qualifier: [parsed] }, ...partitions.map(partitionValue)];
  return plan({ kind: 'project', child: row, columns });
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
    'basepath',
    'recursivefilelookup',
  ]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ofFolder.has(name.toLowerCase())));
}

/** The parts of a line by position, each cast to its column's type; what cannot be cast is null. */
function csvColumns(child: LogicalPlan, { plan, schema, partitions }: DataColumns, options: TextOptions): LogicalPlan {
  const rules = csvRules(options);
  const parts = '__csv';
  const split: Expression = {
    kind: 'udf',
    name: 'csv',
    call: (value) => parseCsvLine(String(value), rules),
    returns: { kind: 'array', element: atomic('string'), containsNull: true },
    args: [line],
    deterministic: true,
    isOwn: true,
  };
  const raw = partitions.map(({ folderName }) => rawName(folderName));
  const row = plan({ kind: 'project', child, columns: [{ kind: 'alias', child: split, names: [parts] }, ...raw] });
  const columns = schema.fields.map(({ name, type }, i): Expression => {
    const value = call('get', { kind: 'name', parts: [parts] }, { kind: 'literal', value: i, type: atomic('int') });
    const cast: Expression = type.kind === 'string' ? value : { kind: 'cast', child: value, type, mode: 'try' };
    return { kind: 'alias', child: cast, names: [name] };
  });
  return plan({ kind: 'project', child: row, columns: [...columns, ...partitions.map(partitionValue)] });
}
