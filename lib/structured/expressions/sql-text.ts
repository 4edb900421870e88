import { quoteSqlString } from '../sql/sql-string.ts';
import { dateText } from '../types/calendar.ts';
import type { CalendarInterval, DataType, InternalValue } from '../types/data-type.ts';
import { decimalText } from '../types/decimal.ts';
import { javaDouble, javaFloat } from '../types/double-text.ts';
import { calendarText } from '../types/interval.ts';
import { intervalText } from '../types/interval-text.ts';
import { isInterval } from '../types/interval-type.ts';
import { timeText as timeOfDayText } from '../types/time.ts';
import { localText } from '../types/timestamp.ts';
import { isAtomic, isIntegral } from '../types/type-classes.ts';
import { sqlTypeText } from '../types/type-text.ts';
import type { Expression, SortExpression, WindowSpecification } from './expression.ts';

/** What a name may depend on: `s['x']` is printed `s.x` for a struct and `s[x]` for a map. */
export interface Naming {
  readonly typeOf?: (expression: Expression) => DataType | undefined;
}

/**
 * The name that Spark gives a column without an alias: `(v + 1)`, `count(1)`, `CASE WHEN (a > 1) THEN x END`. A name is its last part,
 * an alias its name, and a cast of a name keeps the name.
 */
export function nameOf(expression: Expression, naming: Naming = {}): string {
  switch (expression.kind) {
    case 'name':
      return expression.parts.at(-1) ?? '';
    case 'alias':
      return expression.names[0] ?? '';
    case 'cast':
      return expression.text === undefined && (expression.child.kind === 'name' || expression.child.kind === 'alias')
        ? nameOf(expression.child, naming)
        : prettyText(expression, naming);
    case 'call':
      return (
        windowNames[expression.name.toLowerCase()] ??
        (isMapOfJson(expression) ? 'entries' : prettyText(expression, naming))
      );
    default:
      return prettyText(expression, naming);
  }
}

const windowNames: Readonly<Record<string, string>> = { window: 'window', session_window: 'session_window' };

/** An expression as Spark prints it within a name: texts without quotes. */
export function prettyText(expression: Expression, naming: Naming = {}): string {
  const text = (child: Expression): string => prettyText(child, naming);
  switch (expression.kind) {
    case 'literal':
      return expression.text ?? literalText(expression.value, expression.type);
    case 'name':
      return expression.parts.join('.');
    case 'star':
      return [...expression.qualifier, '*'].join('.');
    case 'subquery':
      return subqueryText(expression, text);
    case 'call':
      return timeText(expression, naming) ?? callText(expression, text);
    case 'cast':
      // Spark forgets that a cast to an array, map or struct was written.
      if (expression.text === undefined && !isAtomic(expression.type)) return text(expression.child);
      return (
        expression.text ??
        `${expression.mode === 'try' ? 'TRY_' : ''}CAST(${text(expression.child)} AS ${sqlTypeText(expression.type)})`
      );
    case 'case': {
      const branches = expression.branches.map(([when, then]) => ` WHEN ${text(when)} THEN ${text(then)}`).join('');
      const otherwise = expression.otherwise === undefined ? '' : ` ELSE ${text(expression.otherwise)}`;
      return `CASE${branches}${otherwise} END`;
    }
    case 'alias':
      return `${text(expression.child)} AS ${expression.names.join(', ')}`;
    case 'extract': {
      const { child, key } = expression;
      const isField = key.kind === 'literal' && typeof key.value === 'string' && isStructured(naming.typeOf?.(child));
      return isField ? `${text(child)}.${text(key)}` : `${text(child)}[${text(key)}]`;
    }
    case 'lambda': {
      const { parameters, body } = expression;
      const variables = parameters.map(() => 'namedlambdavariable()').join(', ');
      return `lambdafunction(${prettyText(hideParameters(body, new Set(parameters)), naming)}, ${variables})`;
    }
    case 'sort':
      return sortText(expression, text);
    case 'over':
      return `${text(expression.child)} OVER (${windowText(expression.window, expression.child, text)})`;
    case 'udf':
      return `${expression.name}(${expression.args.map(text).join(', ')})`;
    default:
      return expression satisfies never;
  }
}

function isStructured(type: DataType | undefined): boolean {
  return type?.kind === 'struct' || (type?.kind === 'array' && type.element.kind === 'struct');
}

/** A value of a type as Spark prints it in names: numbers and texts as they are, other types as literals. */
function literalText(value: InternalValue, type: DataType): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'string':
      return value as string;
    case 'double':
      return javaDouble(value as number);
    case 'float':
      return javaFloat(value as number);
    case 'decimal':
      return decimalText(value as number | bigint, type.scale);
    case 'binary':
      return `X'${Array.from(value as Uint8Array, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('')}'`;
    case 'date':
      return `DATE '${dateText(value as number)}'`;
    case 'timestamp':
      return `TIMESTAMP '${localText(value as number | bigint)}'`;
    case 'timestamp_ntz':
      return `TIMESTAMP_NTZ '${localText(value as number | bigint)}'`;
    case 'time':
      return `TIME '${timeOfDayText(value as number)}'`;
    case 'interval day to second':
    case 'interval year to month':
      return intervalText(value as number | bigint, type);
    case 'interval':
      return `INTERVAL '${calendarText(value as CalendarInterval)}'`;
    case 'array':
      return `array(${(value as readonly InternalValue[]).map((item) => literalText(item, type.element)).join(', ')})`;
    case 'struct':
      return `struct(${type.fields.map((field, i) => literalText((value as readonly InternalValue[])[i] ?? null, field.type)).join(', ')})`;
    case 'map':
      return 'map(...)';
    default:
      return `${value as number}`;
  }
}

/** A value as it is written in SQL and in Spark's errors: texts in quotes, a bigint with its L. */
export function sqlValueText(value: InternalValue, type: DataType): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'string':
      return quoteSqlString(value as string);
    case 'bigint':
      return `${value as number}L`;
    case 'smallint':
      return `${value as number}S`;
    case 'tinyint':
      return `${value as number}Y`;
    case 'double': {
      const text = javaDouble(value as number);
      return Number.isFinite(value) ? `${text}D` : text;
    }
    case 'decimal':
      return `${decimalText(value as number | bigint, type.scale)}BD`;
    default:
      return literalText(value, type);
  }
}

/** Sums of times and intervals have no brackets, and the time comes first; days on a date are a function. */
function timeText({ name, args }: Call, naming: Naming): string | undefined {
  const [left, right] = args;
  if (left === undefined || right === undefined || args.length !== 2) return undefined;
  const a = typeIn(left, naming);
  const b = typeIn(right, naming);
  if (name === '*' && b !== undefined && isInterval(b))
    return `(${prettyText(right, naming)} * ${prettyText(left, naming)})`;
  if (name !== '+' && name !== '-') return undefined;
  if (
    a !== undefined &&
    (isInterval(a) || isIntegral(a)) &&
    name === '+' &&
    (b === undefined ? isInterval(a) : isTime(b))
  ) {
    return timeText({ kind: 'call', name, args: [right, left] }, naming);
  }
  if (b === undefined || !(isInterval(b) || isIntegral(b)) || (a === undefined ? !isInterval(b) : !isTime(a)))
    return undefined;
  const time = prettyText(left, naming);
  const amount = prettyText(right, naming);
  const change = name === '+' ? 'date_add' : 'date_sub';
  if (isIntegral(b)) return a?.kind === 'date' ? `${change}(${time}, ${amount})` : undefined;
  const isDays = a?.kind === 'date' && 'range' in b && b.range === 'day';
  return isDays ? `${change}(${time}, extractansiintervaldays(${amount}))` : `${time} ${name} ${amount}`;
}

function isTime({ kind }: DataType): boolean {
  return kind === 'date' || kind === 'timestamp' || kind === 'timestamp_ntz';
}

function typeIn(expression: Expression, naming: Naming): DataType | undefined {
  return expression.kind === 'literal' || expression.kind === 'cast' ? expression.type : naming.typeOf?.(expression);
}

/** Spark calls the map that `from_json` gives `entries`. */
function isMapOfJson({ name, args }: Call): boolean {
  const schema = args[1];
  return (
    name.toLowerCase() === 'from_json' &&
    schema?.kind === 'literal' &&
    typeof schema.value === 'string' &&
    /^\s*map\s*</iu.test(schema.value)
  );
}

type Call = Extract<Expression, { kind: 'call' }>;
type Text = (expression: Expression) => string;

const infix = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  'div',
  '=',
  '<=>',
  '<',
  '<=',
  '>',
  '>=',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '>>>',
]);

function callText(call: Call, text: Text): string {
  const { args } = call;
  const name = call.name.toLowerCase();
  const within = withinGroupText(call, text);
  if (within !== undefined) return within;
  const [a, b] = args;
  if (infix.has(name) && a !== undefined && b !== undefined) return `(${text(a)} ${name} ${text(b)})`;
  const special = a === undefined ? undefined : forms[name]?.(args, text);
  if (special !== undefined) return special;
  const shown = (shownArguments[name] ?? ((all) => all))(args);
  const texts = shown.map((arg) => (arg.kind === 'star' && name === 'count' ? '1' : text(arg)));
  const [count = 0, ...defaults] = shownDefaults[name] ?? [];
  const list = [...texts, ...defaults.slice(defaults.length - Math.max(0, count - texts.length))].join(', ');
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${text(call.filter)})`;
  const isScaled = (name === 'ceil' || name === 'floor') && args.length === 2;
  const printed = capitals.has(name) && !isScaled ? name.toUpperCase() : (renamed[name] ?? name);
  return `${printed}(${call.distinct === true ? 'DISTINCT ' : ''}${list})${filter}`;
}

/** Aliases that Spark prints under the name of the function. */
const renamed: Readonly<Record<string, string>> = { array_agg: 'collect_list', current_database: 'current_schema' };

/** `f(a) WITHIN GROUP (ORDER BY b DESC)`; directions that are the usual ones are shown by some functions only. */
function withinGroupText(call: Call, text: Text): string | undefined {
  const directions = call.options?.['withinGroup']?.split(',');
  if (directions === undefined) return undefined;
  const { withinGroup: _, ...options } = call.options ?? {};
  const plain = text({ ...call, args: call.args.slice(0, call.args.length - directions.length), options });
  const isWhole = /^(?:listagg|string_agg)$/iu.test(call.name);
  const order = call.args
    .slice(call.args.length - directions.length)
    .map((key, i) => {
      const direction = directions[i] ?? '';
      return `${text(key)}${isWhole ? ` ${direction}` : direction.startsWith('DESC') ? ' DESC' : ''}`;
    })
    .join(', ');
  const [head = plain, filter] = plain.split(' FILTER (WHERE ');
  const rest = filter === undefined ? '' : ` FILTER (WHERE ${filter}`;
  return `${head} WITHIN GROUP (ORDER BY ${order})${rest}`;
}

/** Functions that show the defaults of arguments that were left out: how many they show, and the last of them. */
const shownDefaults: Readonly<Record<string, readonly [count: number, ...defaults: string[]]>> = {
  position: [3, '1'],
  locate: [3, '1'],
  substring: [3, '2147483647'],
  substr: [3, '2147483647'],
  overlay: [4, '-1'],
  round: [2, '0'],
  bround: [2, '0'],
  split: [3, '-1'],
  regexp_replace: [4, '1'],
  regexp_instr: [3, '0'],
  replace: [3, ''],
  lpad: [3, ' '],
  rpad: [3, ' '],
  sentences: [3, '', ''],
  make_interval: [7, '0', '0', '0', '0', '0', '0', '0.000000'],
  try_make_interval: [7, '0', '0', '0', '0', '0', '0', '0.000000'],
  make_dt_interval: [4, '0', '0', '0', '0.000000'],
  make_ym_interval: [2, '0', '0'],
  unix_timestamp: [2, 'yyyy-MM-dd HH:mm:ss'],
  to_unix_timestamp: [2, 'yyyy-MM-dd HH:mm:ss'],
  months_between: [3, 'true'],
  current_time: [1, '6'],
  from_unixtime: [2, 'yyyy-MM-dd HH:mm:ss'],
  sort_array: [2, 'true'],
  str_to_map: [3, ',', ':'],
  mask: [5, 'X', 'x', 'n', 'NULL'],
  lag: [3, '1', 'NULL'],
  lead: [3, '1', 'NULL'],
  aggregate: [4, 'lambdafunction(namedlambdavariable(), namedlambdavariable())'],
  aes_encrypt: [6, 'GCM', 'DEFAULT', '', ''],
  aes_decrypt: [5, 'GCM', 'DEFAULT', ''],
  try_aes_decrypt: [5, 'GCM', 'DEFAULT', ''],
  percentile: [3, '1'],
  approx_top_k: [3, '5', '10000'],
  hll_sketch_agg: [2, '12'],
  hll_union_agg: [2, 'false'],
  hll_union: [3, 'false'],
  theta_sketch_agg: [2, '12'],
  theta_union_agg: [2, '12'],
  theta_union: [3, '12'],
  approx_top_k_accumulate: [2, '10000'],
  approx_top_k_combine: [2, '-1'],
  approx_top_k_estimate: [2, '5'],
  percentile_approx: [3, '10000'],
  approx_percentile: [3, '10000'],
  listagg: [2, 'NULL'],
  string_agg: [2, 'NULL'],
  reduce: [4, 'lambdafunction(namedlambdavariable(), namedlambdavariable())'],
};

/** Functions that Spark prints in capitals. */
const capitals = new Set(
  (
    'sqrt cbrt exp expm1 log10 log2 log1p log sin cos tan cot sec csc asin acos atan atan2 hypot sinh cosh tanh asinh acosh atanh ' +
    'degrees radians pi e ceil floor power signum rank dense_rank percent_rank spark_partition_id'
  ).split(' '),
);

/** Arguments that are no children in Spark are not in its names. */
const shownArguments: Readonly<Record<string, (args: readonly Expression[]) => readonly Expression[]>> = {
  from_json: (args) => args.slice(0, 1),
  schema_of_json: (args) => args.slice(0, 1),
  schema_of_csv: (args) => args.slice(0, 1),
  to_csv: (args) => args.slice(0, 1),
  from_csv: (args) => args.slice(0, 1),
  named_struct: (args) => args,
  first: (args) => args.slice(0, 1),
  last: (args) => args.slice(0, 1),
  first_value: (args) => args.slice(0, 1),
  last_value: (args) => args.slice(0, 1),
  any_value: (args) => args.slice(0, 1),
  approx_count_distinct: (args) => args.slice(0, 1),
};

const forms: Readonly<Record<string, (args: readonly Expression[], text: Text) => string | undefined>> = {
  and: (args, text) => `(${args.map(text).join(' AND ')})`,
  or: (args, text) => `(${args.map(text).join(' OR ')})`,
  not: ([a], text) => `(NOT ${text(a as Expression)})`,
  negative: ([a], text) => `(- ${text(a as Expression)})`,
  positive: ([a], text) => `(+ ${text(a as Expression)})`,
  '~': ([a], text) => `~${text(a as Expression)}`,
  isnull: ([a], text) => `(${text(a as Expression)} IS NULL)`,
  isnotnull: ([a], text) => `(${text(a as Expression)} IS NOT NULL)`,
  in: ([a, ...list], text) => `(${text(a as Expression)} IN (${list.map(text).join(', ')}))`,
  like: (args, text) => like('LIKE', args, text),
  ilike: ([a, b, c], text) =>
    c === undefined ? `ilike(${text(a as Expression)}, ${text(b as Expression)})` : undefined,
  assert_true: ([a, b], text) =>
    `assert_true(${text(a as Expression)}, ${b === undefined ? `'${text(a as Expression)}' is not true!` : text(b)})`,
  rlike: ([a, b], text) => `RLIKE(${text(a as Expression)}, ${text(b as Expression)})`,
  log: (args, text) => (args.length === 1 ? `LOG(E(), ${text(args[0] as Expression)})` : undefined),
  regexp_like: ([a, b], text) => `REGEXP_LIKE(${text(a as Expression)}, ${text(b as Expression)})`,
  regexp: ([a, b], text) => `REGEXP(${text(a as Expression)}, ${text(b as Expression)})`,
  datepart: ([a, b], text) => `datepart(${text(a as Expression)} FROM ${text(b as Expression)})`,
  convert_timezone: (args, text) =>
    args.length === 2 ? `convert_timezone(current_timezone(), ${args.map(text).join(', ')})` : undefined,
  extract: ([a, b], text) => `extract(${text(a as Expression)} FROM ${text(b as Expression)})`,
  trim: (args, text) => (args.length === 1 ? undefined : trimmed('BOTH', args[0], args[1], text)),
  ltrim: (args, text) => (args.length === 1 ? undefined : trimmed('LEADING', args[0], args[1], text)),
  rtrim: (args, text) => (args.length === 1 ? undefined : trimmed('TRAILING', args[0], args[1], text)),
  if: (args, text) => `(IF(${args.map(text).join(', ')}))`,
  with_field: ([a, , c], text) => `update_fields(${text(a as Expression)}, WithField(${text(c as Expression)}))`,
  drop_fields: ([a], text) => `update_fields(${text(a as Expression)}, dropfield())`,
};

function trimmed(
  side: string,
  characters: Expression | undefined,
  whole: Expression | undefined,
  text: Text,
): string | undefined {
  return characters === undefined || whole === undefined
    ? undefined
    : `TRIM(${side} ${text(characters)} FROM ${text(whole)})`;
}

function like(keyword: string, [a, b, escape]: readonly Expression[], text: Text): string {
  const end = escape === undefined ? '' : ` ESCAPE '${text(escape)}'`;
  return `${text(a as Expression)} ${keyword} ${text(b as Expression)}${end}`;
}

function sortText({ child, ascending, nullsFirst }: SortExpression, text: Text): string {
  return `${text(child)} ${ascending ? 'ASC' : 'DESC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}

const ranking = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'ntile']);

/** How far `lag` and `lead` look, which is their frame. */
function shiftOf(child: Expression): string | undefined {
  if (child.kind !== 'call') return undefined;
  const sign = { lag: '-', lead: '' }[child.name.toLowerCase()];
  const offset = child.args[1];
  if (sign === undefined) return undefined;
  if (offset?.kind === 'literal') return `${sign === '-' ? 0 - Number(offset.value) : Number(offset.value)}`;
  return `${sign}${offset === undefined ? '1' : prettyText(offset)}`;
}

function subqueryText({ form, values }: Extract<Expression, { kind: 'subquery' }>, text: Text): string {
  if (form !== 'in') return `${form === 'scalar' ? 'scalarsubquery' : 'exists'}()`;
  const [first, ...others] = values.map(text);
  const value =
    others.length === 0 ? first : `named_struct(${values.map((v) => `${nameOf(v)}, ${text(v)}`).join(', ')})`;
  return `(${value ?? ''} IN (listquery()))`;
}

function windowText(window: WindowSpecification, child: Expression, text: Text): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${window.partitionBy.map(text).join(', ')}`);
  if (window.orderBy.length > 0) {
    parts.push(`ORDER BY ${window.orderBy.map((order) => sortText(order, text)).join(', ')}`);
  }
  const ordered = window.orderBy.length > 0;
  const isRanking = child.kind === 'call' && ranking.has(child.name.toLowerCase());
  const shift = shiftOf(child);
  if (shift !== undefined) {
    parts.push(`ROWS BETWEEN ${shift} FOLLOWING AND ${shift} FOLLOWING`);
    return parts.join(' ');
  }
  const frame = window.frame ?? {
    unit: ordered && !isRanking ? 'range' : 'rows',
    from: -Infinity,
    until: ordered ? 0 : Infinity,
  };
  parts.push(`${frame.unit.toUpperCase()} BETWEEN ${boundText(frame.from)} AND ${boundText(frame.until)}`);
  return parts.join(' ');
}

function boundText(bound: number): string {
  if (bound === 0) return 'CURRENT ROW';
  const direction = bound < 0 ? 'PRECEDING' : 'FOLLOWING';
  return Number.isFinite(bound) ? `${Math.abs(bound)} ${direction}` : `UNBOUNDED ${direction}`;
}

/** Parameters of a lambda have no names in Spark's texts. */
function hideParameters(expression: Expression, parameters: ReadonlySet<string>): Expression {
  const hide = (child: Expression): Expression => hideParameters(child, parameters);
  switch (expression.kind) {
    case 'name': {
      const [first = '', ...rest] = expression.parts;
      return parameters.has(first) ? { kind: 'name', parts: ['namedlambdavariable()', ...rest] } : expression;
    }
    case 'call':
      return { ...expression, args: expression.args.map(hide) };
    case 'cast':
    case 'alias':
      return { ...expression, child: hide(expression.child) };
    case 'case': {
      const branches = expression.branches.map(([when, then]) => [hide(when), hide(then)] as const);
      const { otherwise } = expression;
      return { kind: 'case', branches, ...(otherwise === undefined ? {} : { otherwise: hide(otherwise) }) };
    }
    case 'extract':
      return { ...expression, child: hide(expression.child), key: hide(expression.key) };
    case 'udf':
      return { ...expression, args: expression.args.map(hide) };
    case 'lambda': {
      const outer = new Set([...parameters].filter((name) => !expression.parameters.includes(name)));
      return { ...expression, body: hideParameters(expression.body, outer) };
    }
    case 'literal':
    case 'star':
    case 'sort':
    case 'over':
    case 'subquery':
      return expression;
    default:
      return expression satisfies never;
  }
}
