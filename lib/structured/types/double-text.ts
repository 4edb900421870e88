/** A double as Java writes it: `1.0`, `1.0E10`, `1.0E-5`, `NaN`, `-Infinity`. */
export function javaDouble(value: number): string {
  // Java's digits of the smallest double.
  return javaText(value, Math.abs(value) === 5e-324 ? '4.9e-324' : String(Math.abs(value)));
}

const SMALLEST_FLOAT = 2 ** -149;

/** A float as Java writes it: the shortest digits that read back as the same float. */
export function javaFloat(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(size) || size === 0) return javaText(value, String(size));
  if (size === SMALLEST_FLOAT) return javaText(value, '1.4e-45');
  for (let digits = 1; digits < 10; digits++) {
    const text = size.toPrecision(digits);
    if (Math.fround(Number(text)) === size) return javaText(value, String(Number(text)));
  }
  return javaText(value, String(size));
}

function javaText(value: number, digitsOfSize: string): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  const size = Math.abs(value);
  if (size === 0) return `${sign}0.0`;
  const [mantissa = '', exponent = '0'] = digitsOfSize.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  if (size >= 1e-3 && size < 1e7) return `${sign}${plain(whole, fraction, Number(exponent))}`;
  // One digit before the point.
  const all = `${whole}${fraction}`;
  const leading = /^0*/u.exec(all)?.[0].length ?? 0;
  const significant = all.slice(leading).replace(/0+$/u, '');
  const power = whole.length - 1 - leading + Number(exponent);
  return `${sign}${significant[0] ?? '0'}.${significant.slice(1) || '0'}E${power}`;
}

function plain(whole: string, fraction: string, exponent: number): string {
  if (exponent === 0) return `${whole}.${fraction === '' ? '0' : fraction}`;
  // JavaScript writes no exponent for this range, but a float's digits may come with one.
  const digits = whole + fraction;
  const point = whole.length + exponent;
  return point > 0
    ? `${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point) || '0'}`
    : `0.${'0'.repeat(-point)}${digits}`;
}
