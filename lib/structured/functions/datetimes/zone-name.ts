const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, zoneId: string, style: 'short' | 'long'): Intl.DateTimeFormat {
  const key = `${locale}/${style}/${zoneId}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, { timeZone: zoneId, timeZoneName: style });
  if (formats.size >= 500) formats.clear();
  formats.set(key, made);
  return made;
}

/** Where a short name is at home: the English of another country has only the offset for it. */
const locales = ['en-US', 'en-GB', 'en-AU', 'en-IN'];

/** The name of a zone at a time, as `z` (`EST`) and `zzzz` (`Eastern Standard Time`) print it; its id when it has none. */
export function zoneName(zoneId: string, timeMs: number, style: 'short' | 'long'): string {
  if (zoneId === 'Z' || zoneId === 'UTC') return style === 'short' ? 'UTC' : 'Coordinated Universal Time';
  if (/^[+-]|^(?:UTC|GMT)[+-]/u.test(zoneId)) return zoneId;
  for (const locale of locales) {
    const parts = formatOf(locale, zoneId, style).formatToParts(timeMs);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value;
    if (name !== undefined && !/^GMT[+-]/u.test(name)) return name;
  }
  return zoneId;
}
