import { raise } from '../../kernel/errors.ts';
import { isFoldable } from '../expressions/foldable.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { isAtomic, isIntegral, isNumeric, type AtomicName, arrayType, atomic } from '../types/type-classes.ts';
import type { DataType } from '../types/data-type.ts';
import type { CallSite, ResolvedSignature } from './define-function.ts';

/**
 * What a parameter takes. A type name means "cast to this type"; a class keeps the argument's own type when it belongs to it and
 * casts to the class's default otherwise.
 */
type Wanted = AtomicName | keyof typeof classes;

interface TypeClass {
  /** As the error names it. */
  readonly text: string;
  readonly has: (type: DataType) => boolean;
  /** What arguments outside of the class are cast to, where Spark casts them. */
  readonly fallback?: AtomicName;
}

const classes = {
  any: { text: 'of any type', has: () => true },
  numeric: { text: 'NUMERIC', has: (type) => isNumeric(type), fallback: 'double' },
  numericOrInterval: {
    text: 'NUMERIC or INTERVAL',
    has: (type) => isNumeric(type) || isInterval(type),
    fallback: 'double',
  },
  integral: { text: 'INTEGRAL', has: (type) => isIntegral(type), fallback: 'bigint' },
  integralOrBoolean: {
    text: 'INTEGRAL or BOOLEAN',
    has: (type) => isIntegral(type) || type.kind === 'boolean',
  },
  /** A whole number, and nothing that would have to be made one. */
  number: { text: 'NUMERIC', has: (type) => isNumeric(type) },
  wholeNumber: { text: 'INTEGRAL', has: (type) => isIntegral(type) },
  /** What bits are shifted of: a BIGINT, or what can be made an INT. */
  intOrBigint: { text: 'INT or BIGINT', has: (type) => type.kind === 'int' || type.kind === 'bigint', fallback: 'int' },
  /** What days are counted in; a text is read as one. */
  smallNumber: {
    text: 'INT, SMALLINT or TINYINT',
    has: ({ kind }) => kind === 'int' || kind === 'smallint' || kind === 'tinyint',
  },
  instant: { text: 'TIMESTAMP', has: ({ kind }) => kind === 'timestamp' },
  day: { text: 'DATE', has: ({ kind }) => kind === 'date' },
  timeOfDay: { text: 'TIME', has: ({ kind }) => kind === 'time' },
  bytes: { text: 'BINARY', has: (type) => type.kind === 'binary' },
  numberOrInterval: {
    text: 'DOUBLE or INTERVAL',
    has: (type) => type.kind === 'double' || isInterval(type),
    fallback: 'double',
  },
  decimalOrLong: {
    text: 'BIGINT or DECIMAL',
    has: (type) => type.kind === 'bigint' || type.kind === 'decimal',
    fallback: 'bigint',
  },
  stringOrBinary: {
    text: 'STRING or BINARY',
    has: (type) => type.kind === 'string' || type.kind === 'binary',
    fallback: 'string',
  },
  dateOrTimestamp: {
    text: 'DATE or TIMESTAMP',
    has: (type) => type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp_ntz',
    fallback: 'timestamp',
  },
  /** A text, and nothing that would have to be made one. */
  text: { text: 'STRING', has: (type) => type.kind === 'string' },
  /** Of exactly these types: what sketches take is never cast. */
  exactInt: { text: 'INT', has: ({ kind }) => kind === 'int' },
  exactBoolean: { text: 'BOOLEAN', has: ({ kind }) => kind === 'boolean' },
  exactBinary: { text: 'BINARY', has: ({ kind }) => kind === 'binary' },
  hllItem: { text: 'INT, BIGINT, STRING or BINARY', has: isHllItem },
  thetaItem: {
    text: 'INT, BIGINT, FLOAT, DOUBLE, STRING, BINARY, ARRAY<INT> or ARRAY<BIGINT>',
    has: (type) =>
      isHllItem(type) ||
      type.kind === 'float' ||
      type.kind === 'double' ||
      (type.kind === 'array' && (type.element.kind === 'int' || type.element.kind === 'bigint')),
  },
  array: { text: 'ARRAY', has: (type) => type.kind === 'array' },
  map: { text: 'MAP', has: (type) => type.kind === 'map' },
  struct: { text: 'STRUCT', has: (type) => type.kind === 'struct' },
  arrayOrMap: { text: 'ARRAY or MAP', has: (type) => type.kind === 'array' || type.kind === 'map' },
  arrayOrString: {
    text: 'ARRAY or STRING',
    has: (type) => type.kind === 'array' || type.kind === 'string',
    fallback: 'string',
  },
  /** Anything that can be ordered: all but maps. */
  ordered: { text: 'of a type that can be ordered', has: (type) => type.kind !== 'map' },
  lambda: { text: 'a lambda function', has: () => true },
} as const satisfies Record<string, TypeClass>;

function isHllItem({ kind }: DataType): boolean {
  return kind === 'int' || kind === 'bigint' || kind === 'string' || kind === 'binary';
}

function isInterval(type: DataType): boolean {
  return type.kind === 'interval day to second' || type.kind === 'interval year to month';
}

type Optional = `${Wanted}?`;
type Repeated = `${Wanted}...`;
/** `'int'`, `'int?'` (may be left out), `'string...'` (none or more; last). */
export type Parameter = Wanted | Optional | Repeated;

type Returns =
  | DataType
  | AtomicName
  | ((types: readonly DataType[], args: readonly TypedExpression[], site: CallSite) => DataType);

/**
 * Type rules in one line.
 *
 * @example
 * takes('substring', ['stringOrBinary', 'int', 'int?'], (types) => types[0])
 */
export function takes(
  name: string,
  parameters: readonly Parameter[],
  returns: Returns,
  options: { readonly nullable?: boolean } = {},
): (args: readonly TypedExpression[], site: CallSite) => ResolvedSignature {
  const fixed = parameters.filter((parameter) => !parameter.endsWith('...'));
  const least = fixed.filter((parameter) => !parameter.endsWith('?')).length;
  const repeated = parameters.find((parameter) => parameter.endsWith('...'));
  return (args, site) => {
    if (args.length < least || (repeated === undefined && args.length > fixed.length)) {
      const most = repeated === undefined ? `${fixed.length}` : 'more';
      raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
        function: name,
        expected: least === fixed.length && repeated === undefined ? `${least}` : `${least} to ${most}`,
        actual: args.length,
        usage: `${name}(${parameters.join(', ')})`,
      });
    }
    const types = args.map((arg, i) => {
      const parameter = fixed[i] ?? repeated ?? 'any';
      return wantedType(name, i, arg, parameter.replace(/\?$|\.\.\.$/u, '') as Wanted);
    });
    const type =
      typeof returns === 'function'
        ? returns(types, args, site)
        : typeof returns === 'string'
          ? atomic(returns)
          : returns;
    return { args: types, type, ...options };
  };
}

function wantedType(name: string, index: number, arg: TypedExpression, wanted: Wanted): DataType {
  const { type } = arg;
  const group = (classes as Readonly<Record<string, TypeClass>>)[wanted];
  if (group === undefined) {
    const target = atomic(wanted as AtomicName);
    return canCastImplicitly(type, target) ? target : unexpected(name, index, arg, (wanted as string).toUpperCase());
  }
  if (group.has(type)) return type;
  if (type.kind === 'void' && wanted === 'array') return arrayType(type);
  if (type.kind === 'void' && wanted === 'map') return { kind: 'map', key: type, value: type, valueContainsNull: true };
  if (type.kind === 'void' && wanted !== 'bytes') return group.fallback === undefined ? type : atomic(group.fallback);
  if (group.fallback !== undefined && canCastImplicitly(type, atomic(group.fallback))) return atomic(group.fallback);
  return unexpected(name, index, arg, group.text);
}

const times = new Set<string>(['date', 'timestamp', 'timestamp_ntz']);

/** Spark's implicit casts of arguments: null to all, atomic to text, text to atomic but binary, between numbers, between dates and times. */
export function canCastImplicitly(from: DataType, to: DataType): boolean {
  if (from.kind === to.kind || from.kind === 'void') return true;
  if (!isAtomic(from) || !isAtomic(to)) return false;
  if (to.kind === 'string') return true;
  if (from.kind === 'string') return true;
  if (isNumeric(from) && isNumeric(to)) return true;
  return times.has(from.kind) && times.has(to.kind);
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

/** Raises the error for an argument of the wrong type. */
export function unexpected(name: string, index: number, arg: TypedExpression, required: string): never {
  raise('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', {
    position: ordinals[index] ?? `${index + 1}th`,
    function: name,
    required,
    argument: arg.kind === 'attribute' ? arg.name : arg.kind === 'literal' ? 'the literal' : 'the expression',
    actual: arg.type.kind.toUpperCase(),
  });
}

/** Refuses an argument that is not the same for all rows. */
export function requireConstant(name: string, index: number, arg: TypedExpression): void {
  if (isFoldable(arg)) return;
  raise('DATATYPE_MISMATCH.NON_FOLDABLE_INPUT', {
    position: ordinals[index] ?? `${index + 1}th`,
    function: name,
    argument: arg.kind === 'attribute' ? arg.name : 'an expression',
  });
}

/** The value of an argument that must be a constant; `undefined` when the argument was left out. */
export function constantOf(name: string, args: readonly TypedExpression[], index: number): unknown {
  let arg = args[index];
  while (arg?.kind === 'cast') arg = arg.child;
  if (arg === undefined) return undefined;
  if (arg.kind !== 'literal') {
    return raise('DATATYPE_MISMATCH.NON_FOLDABLE_INPUT', {
      position: ordinals[index] ?? `${index + 1}th`,
      function: name,
      argument: arg.kind === 'attribute' ? arg.name : 'an expression',
    });
  }
  return arg.value;
}
