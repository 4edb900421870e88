/** The time of day in UTC. @example clockText(0)   // => '00:00:00' */
export function clockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** The values of a row: times as time of day, a window as `from-until`. @example rowText({ k: 'a', n: 1 })   // => 'a 1' */
export function rowText(row: object): string {
  return Object.values(row)
    .map((value) => valueText(value))
    .join(' ');
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('start' in value && 'end' in value) return `${valueText(value.start)}-${valueText(value.end)}`;
  if (value instanceof Date) return clockText(value.getTime());
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  return JSON.stringify(value);
}
