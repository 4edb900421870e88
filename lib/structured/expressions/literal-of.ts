import { raise } from '../../kernel/errors.ts';
import type { AtomicKind, InternalValue } from '../types/data-type.ts';
import { toLong } from '../types/long.ts';
import { atomic, decimalType } from '../types/type-classes.ts';
import type { Expression } from './expression.ts';

/** What stands for a literal where a column is expected. */
export type LiteralValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | readonly LiteralValue[]
  | { readonly [field: string]: LiteralValue };

/**
 * The literal of a JavaScript value: whole numbers are INT when they fit, else BIGINT; other numbers DOUBLE; texts STRING; a bigint
 * BIGINT, or DECIMAL beyond 64 bits; a Date TIMESTAMP; arrays become arrays, objects structs.
 */
export function literalOf(value: unknown): Expression {
  switch (typeof value) {
    case 'undefined':
      return literal('void', null);
    case 'boolean':
      return literal('boolean', value);
    case 'string':
      return literal('string', value);
    case 'number':
      return numberOf(value);
    case 'bigint':
      return bigintOf(value);
    case 'object':
      return objectOf(value);
    default:
      return refuse(`the type ${typeof value}`);
  }
}

function literal(kind: AtomicKind, value: InternalValue): Expression {
  return { kind: 'literal', type: atomic(kind), value };
}

function numberOf(value: number): Expression {
  const isWhole = Number.isSafeInteger(value) && !Object.is(value, -0);
  if (!isWhole) return literal('double', value);
  return literal(value >= -2147483648 && value <= 2147483647 ? 'int' : 'bigint', value);
}

function bigintOf(value: bigint): Expression {
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return literal('bigint', toLong(value));
  const precision = `${value < 0n ? -value : value}`.length;
  if (precision > 38) return refuse('more than 38 digits');
  return { kind: 'literal', type: decimalType(precision, 0), value };
}

function objectOf(value: object | null): Expression {
  if (value === null) return literal('void', null);
  if (value instanceof Uint8Array) return literal('binary', value);
  if (Array.isArray(value)) return { kind: 'call', name: 'array', args: value.map((item) => literalOf(item)) };
  if (Object.prototype.toString.call(value) === '[object Date]') return dateOf(Number(value));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return refuse(`the class ${(value.constructor as { name?: string } | undefined)?.name ?? 'without a name'}`);
  }
  const args = Object.entries(value).flatMap(([name, item]) => [literal('string', name), literalOf(item)]);
  return { kind: 'call', name: 'named_struct', args };
}

function dateOf(epochMs: number): Expression {
  if (Number.isNaN(epochMs)) refuse('an invalid Date');
  return literal('timestamp', toLong(BigInt(epochMs) * 1000n));
}

function refuse(what: string): never {
  return raise('QUERY_LITERAL_VALUE', { what });
}
