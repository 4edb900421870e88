import { raise } from '../kernel/errors.ts';
import type { DataType, StructField } from '../structured/types/data-type.ts';
import { arrayType, atomic, decimalType } from '../structured/types/type-classes.ts';
import type { ArrowField, ArrowType, Flechette } from './flechette.ts';

/** Arrow's numbers for its types. */
export const typeIds = {
  dictionary: -1,
  none: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedBinary: 15,
  fixedList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
} as const;

const microsecond = 2;
export const intervalUnits = { yearMonth: 0, monthDayNano: 2 } as const;

/** The type of Arrow for one of Spark's, the same that Spark chooses: times in microseconds, those with a zone in the session's. */
export function arrowType(f: Flechette, type: DataType, timeZone: string): ArrowType {
  const fieldOf = ({ name, type: inner, nullable }: StructField): ArrowField =>
    f.field(name, arrowType(f, inner, timeZone), nullable);
  switch (type.kind) {
    case 'void':
      return f.nullType();
    case 'boolean':
      return f.bool();
    case 'tinyint':
      return f.int8();
    case 'smallint':
      return f.int16();
    case 'int':
      return f.int32();
    case 'bigint':
      return f.int64();
    case 'float':
      return f.float32();
    case 'double':
      return f.float64();
    case 'string':
      return f.utf8();
    case 'binary':
      return f.binary();
    case 'date':
      return f.dateDay();
    case 'decimal':
      return f.decimal(type.precision, type.scale, 128);
    case 'timestamp':
      return f.timestamp(microsecond, timeZone);
    case 'timestamp_ntz':
      return f.timestamp(microsecond, null);
    case 'time':
      return raise('UNSUPPORTED_TIME_TYPE', {});
    case 'interval day to second':
      return f.duration(microsecond);
    case 'interval year to month':
      return f.interval(intervalUnits.yearMonth);
    case 'interval':
      return f.interval(intervalUnits.monthDayNano);
    case 'array':
      return f.list(fieldOf({ name: 'element', type: type.element, nullable: type.containsNull }));
    case 'map':
      return f.map(
        fieldOf({ name: 'key', type: type.key, nullable: false }),
        fieldOf({ name: 'value', type: type.value, nullable: type.valueContainsNull }),
      );
    case 'struct':
      return f.struct(type.fields.map(fieldOf));
    default:
      return type satisfies never;
  }
}

/** Spark's type for one of Arrow's; unsigned numbers take the next wider one. */
export function typeOfArrow(type: ArrowType, column: string): DataType {
  const children = (type['children'] ?? []) as readonly ArrowField[];
  const inner = (field: ArrowField): DataType => typeOfArrow(field.type, `${column}.${field.name}`);
  switch (type.typeId) {
    case typeIds.dictionary:
      return typeOfArrow(type['dictionary'] as ArrowType, column);
    case typeIds.none:
      return atomic('void');
    case typeIds.int:
      return intType(type['bitWidth'] as number, type['signed'] === true);
    case typeIds.float:
      if (type['precision'] === 0) return refuse(type, column, 'a half-precision float');
      return atomic(type['precision'] === 1 ? 'float' : 'double');
    case typeIds.binary:
    case typeIds.largeBinary:
    case typeIds.fixedBinary:
      return atomic('binary');
    case typeIds.utf8:
    case typeIds.largeUtf8:
      return atomic('string');
    case typeIds.bool:
      return atomic('boolean');
    case typeIds.decimal: {
      const [precision, scale] = [type['precision'] as number, type['scale'] as number];
      if (precision > 38 || scale < 0) return refuse(type, column, `a decimal(${precision},${scale})`);
      return decimalType(precision, scale);
    }
    case typeIds.date:
      return atomic('date');
    case typeIds.timestamp:
      return atomic(typeof type['timezone'] === 'string' ? 'timestamp' : 'timestamp_ntz');
    case typeIds.duration:
      return atomic('interval day to second');
    case typeIds.interval:
      if (type['unit'] === intervalUnits.yearMonth) return atomic('interval year to month');
      if (type['unit'] === intervalUnits.monthDayNano) return atomic('interval');
      return refuse(type, column, 'an interval of days and milliseconds');
    case typeIds.list:
    case typeIds.largeList:
    case typeIds.fixedList: {
      const [element] = children;
      return element === undefined ? refuse(type, column, 'a list of nothing') : arrayType(inner(element));
    }
    case typeIds.struct:
      return {
        kind: 'struct',
        fields: children.map((field) => ({ name: field.name, type: inner(field), nullable: true })),
      };
    case typeIds.map: {
      const [entries] = children;
      const [key, value] = (entries?.type['children'] ?? []) as readonly ArrowField[];
      if (key === undefined || value === undefined) return refuse(type, column, 'a map of nothing');
      return { kind: 'map', key: inner(key), value: inner(value), valueContainsNull: true };
    }
    default:
      return refuse(type, column, `of Arrow's type ${type.typeId}`);
  }
}

function intType(bitWidth: number, isSigned: boolean): DataType {
  const kinds = ['tinyint', 'smallint', 'int', 'bigint'] as const;
  const at = Math.log2(bitWidth / 8) + (isSigned ? 0 : 1);
  const kind = kinds[at];
  return kind === undefined ? decimalType(20, 0) : atomic(kind);
}

function refuse({ typeId }: ArrowType, column: string, what: string): never {
  return raise('ARROW_TYPE_UNSUPPORTED', { column, what, typeId: String(typeId) });
}
