import type { DataType, InternalValue } from '../../types/data-type.ts';
import { comparatorOf } from '../../types/ordering.ts';
import { atomic, isIntegral } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes, unexpected } from '../signatures.ts';

const count: AggregateFunction = {
  size: 1,
  initial: () => [0],
  update(buffer, at, ...args) {
    for (const arg of args) if (arg === null) return;
    buffer[at] = (buffer[at] as number) + 1;
  },
  merge(buffer, at, other, otherAt) {
    buffer[at] = (buffer[at] as number) + (other[otherAt] as number);
  },
  result: (buffer, at) => buffer[at] as InternalValue,
  generateUpdate: (buffer, at, args) =>
    args.length === 0
      ? `${buffer}[${at}]++;`
      : `if (${args.map((arg) => `${arg} !== null`).join(' && ')}) ${buffer}[${at}]++;`,
};

const countIf: AggregateFunction = {
  ...count,
  update(buffer, at, condition) {
    if (condition === true) buffer[at] = (buffer[at] as number) + 1;
  },
  generateUpdate: (buffer, at, [condition]) => `if (${condition} === true) ${buffer}[${at}]++;`,
};

/** Keeps one value: the new one when it is no null and wins against the one held. Buffer: the value or null. */
function keeper(wins: (value: InternalValue, held: InternalValue) => boolean): AggregateFunction {
  const put = (buffer: InternalValue[], at: number, value: InternalValue): void => {
    if (value !== null && (buffer[at] === null || wins(value, buffer[at] as InternalValue))) buffer[at] = value;
  };
  return {
    size: 1,
    initial: () => [null],
    update: put,
    merge: (buffer, at, other, otherAt) => put(buffer, at, other[otherAt] as InternalValue),
    result: (buffer, at) => buffer[at] as InternalValue,
  };
}

const simpleOrder = new Set<string>([
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'date',
  'timestamp',
  'timestamp_ntz',
  'decimal',
]);

function extreme(type: DataType, sign: 1 | -1): AggregateFunction {
  const compare = comparatorOf(type);
  const held = keeper((value, before) => compare(value, before) * sign > 0);
  if (!simpleOrder.has(type.kind)) return held;
  const operator = sign > 0 ? '>' : '<';
  return {
    ...held,
    generateUpdate: (buffer, at, [value]) =>
      `if (${value} !== null && (${buffer}[${at}] === null || ${value} ${operator} ${buffer}[${at}])) ${buffer}[${at}] = ${value};`,
  };
}

/** `max_by` and `min_by`. Buffer: value and order; rows whose order is null do not count; the later of equals wins. */
function extremeBy({ args }: BindSite, sign: 1 | -1): AggregateFunction {
  const compare = comparatorOf(args[1]?.type ?? atomic('void'));
  const put = (buffer: InternalValue[], at: number, value: InternalValue, order: InternalValue): void => {
    if (order === null) return;
    const held = buffer[at + 1] as InternalValue;
    if (held !== null && compare(order, held) * sign < 0) return;
    buffer[at] = value;
    buffer[at + 1] = order;
  };
  return {
    size: 2,
    initial: () => [null, null],
    update: (buffer, at, value, order) => put(buffer, at, value ?? null, order ?? null),
    merge: (buffer, at, other, otherAt) =>
      put(buffer, at, other[otherAt] as InternalValue, other[otherAt + 1] as InternalValue),
    result: (buffer, at) => buffer[at] as InternalValue,
  };
}

/** Buffer: the value and whether there is one. */
function edge(site: BindSite, isFirst: boolean): AggregateFunction {
  const ignoresNulls = site.options?.['ignoreNulls'] === 'true' || constantOf('first', site.args, 1) === true;
  const put = (buffer: InternalValue[], at: number, value: InternalValue): void => {
    if (ignoresNulls && value === null) return;
    if (isFirst && buffer[at + 1] === true) return;
    buffer[at] = value;
    buffer[at + 1] = true;
  };
  return {
    size: 2,
    initial: () => [null, false],
    update: (buffer, at, value) => put(buffer, at, value ?? null),
    merge(buffer, at, other, otherAt) {
      if (other[otherAt + 1] === true) put(buffer, at, other[otherAt] as InternalValue);
    },
    result: (buffer, at) => buffer[at] as InternalValue,
  };
}

const andAll = keeper((value, held) => held === true && value === false);
const orAll = keeper((value, held) => held === false && value === true);

/** Folds integers of any width bit by bit. */
function bits(fold: (a: bigint, b: bigint) => bigint): AggregateFunction {
  const put = (buffer: InternalValue[], at: number, value: InternalValue): void => {
    if (value === null) return;
    const before = buffer[at] as number | bigint | null;
    const next = before === null ? BigInt(value as number) : fold(BigInt(before), BigInt(value as number));
    buffer[at] = next >= -9007199254740991n && next <= 9007199254740991n ? Number(next) : next;
  };
  return {
    size: 1,
    initial: () => [null],
    update: (buffer, at, value) => put(buffer, at, value ?? null),
    merge: (buffer, at, other, otherAt) => put(buffer, at, other[otherAt] as InternalValue),
    result: (buffer, at) => buffer[at] as InternalValue,
  };
}

const sameAsFirst = (types: readonly DataType[]): DataType => types[0] ?? atomic('void');

function define(
  name: string,
  parameters: Parameters<typeof takes>[1],
  returns: Parameters<typeof takes>[2],
  text: {
    readonly summary: string;
    readonly usage: string;
    readonly example: readonly [string, string];
    readonly aliases?: readonly string[];
  },
  bind: (site: BindSite) => AggregateFunction,
  nullable = true,
): FunctionDefinition {
  const { summary, usage, example, aliases = [] } = text;
  return {
    name,
    aliases,
    group: 'aggregate',
    summary,
    usage,
    examples: [example],
    resolve: takes(name, parameters, returns, { nullable }),
    body: { kind: 'aggregate', bind },
  };
}

/** The second argument must be a constant truth value. */
function ofConstantFlag(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      const [, flag] = args;
      if (flag !== undefined && (flag.type.kind !== 'boolean' || constantOf(definition.name, args, 1) === null)) {
        unexpected(definition.name, 1, flag, 'BOOLEAN');
      }
      return definition.resolve(args, site);
    },
  };
}

/** The argument must be a whole number: nothing is cast to one. */
function ofWholeNumbers(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      const [value] = args;
      if (value !== undefined && !isIntegral(value.type) && value.type.kind !== 'void') {
        unexpected(definition.name, 0, value, 'INTEGRAL');
      }
      return definition.resolve(args, site);
    },
  };
}

/** Counts, extremes, first and last, logic, bits. */
export const basicAggregates: readonly FunctionDefinition[] = [
  define(
    'count',
    ['any', 'any...'],
    'bigint',
    {
      summary: 'How many rows have no null in the arguments; `count(*)` counts all rows.',
      usage: 'count(*) or count(expr, ...)',
      example: ['count(x) FROM VALUES 1, NULL, 3', '2'],
    },
    () => count,
    false,
  ),
  define(
    'count_if',
    ['boolean'],
    'bigint',
    {
      summary: 'How many rows satisfy the condition.',
      usage: 'count_if(condition)',
      example: ['count_if(x > 1) FROM VALUES 1, 2, 3', '2'],
    },
    () => countIf,
    false,
  ),
  define(
    'max',
    ['ordered'],
    sameAsFirst,
    {
      summary: 'The greatest value; NaN is greater than any number.',
      usage: 'max(expr)',
      example: ['max(x) FROM VALUES 10, 50, 20', '50'],
    },
    ({ type }) => extreme(type, 1),
  ),
  define(
    'min',
    ['ordered'],
    sameAsFirst,
    {
      summary: 'The least value.',
      usage: 'min(expr)',
      example: ['min(x) FROM VALUES 10, -1, 20', '-1'],
    },
    ({ type }) => extreme(type, -1),
  ),
  define(
    'max_by',
    ['any', 'ordered'],
    sameAsFirst,
    {
      summary: 'The value in the row with the greatest order.',
      usage: 'max_by(value, order)',
      example: ["max_by(x, y) FROM VALUES ('a', 10), ('b', 50), ('c', 20)", 'b'],
    },
    (site) => extremeBy(site, 1),
  ),
  define(
    'min_by',
    ['any', 'ordered'],
    sameAsFirst,
    {
      summary: 'The value in the row with the least order.',
      usage: 'min_by(value, order)',
      example: ["min_by(x, y) FROM VALUES ('a', 10), ('b', 50), ('c', 20)", 'a'],
    },
    (site) => extremeBy(site, -1),
  ),
  ofConstantFlag(
    define(
      'first',
      ['any', 'boolean?'],
      sameAsFirst,
      {
        summary: 'The value of the first row; with the second argument true, the first that is no null.',
        usage: 'first(expr[, ignoreNulls])',
        example: ['first(x) FROM VALUES 10, 5, 20', '10'],
        aliases: ['first_value'],
      },
      (site) => edge(site, true),
    ),
  ),
  ofConstantFlag(
    define(
      'any_value',
      ['any', 'boolean?'],
      sameAsFirst,
      {
        summary: 'The value of some row: here of the first.',
        usage: 'any_value(expr[, ignoreNulls])',
        example: ['any_value(x) FROM VALUES 10, 5, 20', '10'],
      },
      (site) => edge(site, true),
    ),
  ),
  ofConstantFlag(
    define(
      'last',
      ['any', 'boolean?'],
      sameAsFirst,
      {
        summary: 'The value of the last row; with the second argument true, the last that is no null.',
        usage: 'last(expr[, ignoreNulls])',
        example: ['last(x) FROM VALUES 10, 5, 20', '20'],
        aliases: ['last_value'],
      },
      (site) => edge(site, false),
    ),
  ),
  define(
    'bool_and',
    ['boolean'],
    'boolean',
    {
      summary: 'Whether all values are true; null when there is none.',
      usage: 'bool_and(expr)',
      example: ['bool_and(x) FROM VALUES (true), (false)', 'false'],
      aliases: ['every'],
    },
    () => andAll,
  ),
  define(
    'bool_or',
    ['boolean'],
    'boolean',
    {
      summary: 'Whether a value is true; null when there is none.',
      usage: 'bool_or(expr)',
      example: ['bool_or(x) FROM VALUES (true), (false)', 'true'],
      aliases: ['some', 'any'],
    },
    () => orAll,
  ),
  ofWholeNumbers(
    define(
      'bit_and',
      ['integral'],
      sameAsFirst,
      {
        summary: 'All values joined by bitwise AND.',
        usage: 'bit_and(expr)',
        example: ['bit_and(x) FROM VALUES 3, 5', '1'],
      },
      () => bits((a, b) => a & b),
    ),
  ),
  ofWholeNumbers(
    define(
      'bit_or',
      ['integral'],
      sameAsFirst,
      {
        summary: 'All values joined by bitwise OR.',
        usage: 'bit_or(expr)',
        example: ['bit_or(x) FROM VALUES 3, 5', '7'],
      },
      () => bits((a, b) => a | b),
    ),
  ),
  ofWholeNumbers(
    define(
      'bit_xor',
      ['integral'],
      sameAsFirst,
      {
        summary: 'All values joined by bitwise XOR.',
        usage: 'bit_xor(expr)',
        example: ['bit_xor(x) FROM VALUES 3, 5', '6'],
      },
      () => bits((a, b) => a ^ b),
    ),
  ),
];
