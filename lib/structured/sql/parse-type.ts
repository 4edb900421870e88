import { raise } from '../../kernel/errors.ts';
import type { AtomicKind, DataType, StructField } from '../types/data-type.ts';
import { intervalType } from '../types/interval-type.ts';
import { arrayType, atomic, decimalType } from '../types/type-classes.ts';
import { sqlPlace } from './sql-place.ts';
import type { TokenStream } from './token-stream.ts';

const names: Readonly<Record<string, AtomicKind>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  BYTE: 'tinyint',
  SMALLINT: 'smallint',
  SHORT: 'smallint',
  INT: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  LONG: 'bigint',
  FLOAT: 'float',
  REAL: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp',
  TIMESTAMP_NTZ: 'timestamp_ntz',
  STRING: 'string',
  BINARY: 'binary',
  VOID: 'void',
};

const dayTimeUnits = new Set(['DAY', 'HOUR', 'MINUTE', 'SECOND']);
const yearMonthUnits = new Set(['YEAR', 'MONTH']);

/** A type at the next token: `INT`, `DECIMAL(10, 2)`, `ARRAY<STRUCT<a: INT NOT NULL COMMENT 'x'>>`. */
export function parseDataType(tokens: TokenStream): DataType {
  return tokens.nested(() => typeAt(tokens));
}

function typeAt(tokens: TokenStream): DataType {
  const token = tokens.peek();
  if (token.kind !== 'word' && token.kind !== 'quoted') tokens.fail(': a type is missing');
  tokens.next();
  switch (token.key) {
    case 'ARRAY': {
      tokens.expect('<');
      const element = parseDataType(tokens);
      const containsNull = !notNull(tokens);
      closeAngle(tokens);
      return arrayType(element, containsNull);
    }
    case 'MAP': {
      tokens.expect('<');
      const key = parseDataType(tokens);
      tokens.expect(',');
      const value = parseDataType(tokens);
      const valueContainsNull = !notNull(tokens);
      closeAngle(tokens);
      return { kind: 'map', key, value, valueContainsNull };
    }
    case 'STRUCT': {
      if (tokens.accept('<>')) return { kind: 'struct', fields: [] };
      tokens.expect('<');
      const fields = tokens.at('>') || tokens.at('>>') || tokens.at('>>>') ? [] : parseFields(tokens);
      closeAngle(tokens);
      return { kind: 'struct', fields };
    }
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return decimalAt(tokens);
    case 'CHAR':
    case 'CHARACTER':
    case 'VARCHAR':
      tokens.expect('(');
      integer(tokens);
      tokens.expect(')');
      return atomic('string');
    case 'TIMESTAMP':
      if (tokens.accept('WITHOUT', 'TIME', 'ZONE')) return atomic('timestamp_ntz');
      tokens.accept('WITH', 'LOCAL', 'TIME', 'ZONE');
      return atomic('timestamp');
    case 'INTERVAL':
      return intervalAt(tokens);
    case 'TIME':
      return raise('UNSUPPORTED_TIME_TYPE', {}, { where: sqlPlace(tokens.position(token)) });
    default: {
      const kind = names[token.key];
      if (kind === undefined) {
        const typeName = `"${token.value.toUpperCase()}"`;
        return raise('UNSUPPORTED_DATATYPE', { typeName }, { where: sqlPlace(tokens.position(token)) });
      }
      if (kind === 'string' && tokens.accept('COLLATE')) tokens.name('a collation');
      return atomic(kind);
    }
  }
}

/** `a INT, b: STRING NOT NULL COMMENT 'x'`: at least one column. */
export function parseFields(tokens: TokenStream): readonly StructField[] {
  const fields: StructField[] = [];
  do {
    const name = tokens.name('a column name');
    tokens.accept(':');
    const type = parseDataType(tokens);
    let nullable = true;
    for (;;) {
      if (notNull(tokens)) nullable = false;
      else if (tokens.accept('COMMENT')) {
        if (tokens.peek().kind !== 'string') tokens.fail(': the text of the comment is missing');
        tokens.next();
      } else break;
    }
    fields.push({ name, type, nullable });
  } while (tokens.accept(','));
  return fields;
}

function notNull(tokens: TokenStream): boolean {
  return tokens.accept('NOT', 'NULL');
}

/** `>>` closes two types: the lexer sees one symbol. */
function closeAngle(tokens: TokenStream): void {
  if (!tokens.closeAngle()) tokens.fail(": '>' is missing");
}

function decimalAt(tokens: TokenStream): DataType {
  if (!tokens.accept('(')) return decimalType(10, 0);
  const precision = integer(tokens);
  const scale = tokens.accept(',') ? integer(tokens) : 0;
  tokens.expect(')');
  return checkedDecimal(precision, scale);
}

/** The decimal type of a precision and a scale that a user gave. */
export function checkedDecimal(precision: number, scale: number): DataType {
  if (precision > 38) raise('DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION', { precision, maxPrecision: 38 });
  if (scale > precision || precision < 1) raise('INVALID_DECIMAL_TYPE', { precision, scale });
  return decimalType(precision, scale);
}

function integer(tokens: TokenStream): number {
  const token = tokens.next();
  if (token.kind !== 'number' || !/^\d+$/u.test(token.value)) tokens.fail(': a whole number is missing', token);
  return Number(token.value);
}

function intervalAt(tokens: TokenStream): DataType {
  const unit = tokens.peek().key;
  const kind = dayTimeUnits.has(unit)
    ? 'interval day to second'
    : yearMonthUnits.has(unit)
      ? 'interval year to month'
      : 'interval';
  if (kind === 'interval') return atomic(kind);
  tokens.next();
  const units = kind === 'interval day to second' ? dayTimeUnits : yearMonthUnits;
  const isRange = tokens.at('TO') && units.has(tokens.peek(1).key);
  if (isRange) tokens.next();
  return intervalType(unit, isRange ? tokens.next().key : unit);
}
