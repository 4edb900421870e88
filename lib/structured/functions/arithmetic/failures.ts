import { raise } from '../../../kernel/errors.ts';
import { decimalText } from '../../types/decimal.ts';
import type { DecimalType, Long } from '../../types/data-type.ts';

/** What an arithmetic function does with a result that does not exist: fail (ANSI), wrap or give null (legacy), give null (try_). */
export type OnFailure = 'fail' | 'legacy' | 'null';

const kinds: Readonly<Record<string, string>> = {
  tinyint: 'byte',
  smallint: 'short',
  int: 'integer',
  bigint: 'long',
};

export function overflowed(kind: string, tryName: string | undefined): never {
  if (kind === 'tinyint' || kind === 'smallint') {
    raise('BINARY_ARITHMETIC_OVERFLOW', { type: kind.toUpperCase() });
  }
  const mend = tryName === undefined ? 'Use a wider type' : `Use ${tryName} to get null instead`;
  return raise('ARITHMETIC_OVERFLOW', { what: `${kinds[kind] ?? kind} overflow`, mend });
}

export function decimalOverflow(unscaled: Long, scale: number, to: DecimalType): never {
  return raise('NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', {
    value: decimalText(unscaled, scale),
    precision: to.precision,
    scale: to.scale,
  });
}
