import { dateOfDays, daysOfDate } from './calendar.ts';

/** A time zone with its daylight saving. Times are whole seconds; offsets are seconds to add to UTC. */
export interface TimeZone {
  readonly id: string;
  /** Local time is UTC + offset. */
  offsetAtUtc(seconds: number): number;
  /** The offset of a local time, as Java chooses: the earlier one where the clock shows a time twice, and the one before the gap where it skips it. */
  offsetAtLocal(seconds: number): number;
}

const zones = new Map<string, TimeZone | undefined>();

/** The zone of a name (`Europe/Vienna`), an offset (`+08:00`, `UTC-3`) or one of Java's short ids (`PST`); `undefined` for anything else. */
export function timeZone(id: string): TimeZone | undefined {
  if (zones.has(id)) return zones.get(id);
  const zone = makeZone(id);
  // Texts of data name zones: do not keep what is none for ever.
  if (zone !== undefined || zones.size < 1000) zones.set(id, zone);
  return zone;
}

const shortIds: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
  EST: '-05:00',
  MST: '-07:00',
  HST: '-10:00',
};

function makeZone(given: string): TimeZone | undefined {
  const id = shortIds[given] ?? given;
  if (/^(?:Z|UTC|GMT|UT|Etc\/UTC)$/u.test(id)) return fixedZone(id, 0);
  const offset = parseOffset(id.replace(/^(?:UTC|GMT|UT)(?=[+-])/u, ''));
  if (offset !== undefined) return fixedZone(id, offset);
  if (!/^[A-Z][\w+-]*(?:\/[\w+-]+)*$/u.test(id)) return undefined;
  try {
    return new NamedZone(id);
  } catch {
    return undefined;
  }
}

/** `+8`, `+08`, `-3:00`, `+0530`, `+05:30:15`, up to 18 hours. */
function parseOffset(text: string): number | undefined {
  const found = /^([+-])(\d{1,2})(?::(\d{1,2})(?::(\d{2}))?)?$|^([+-])(\d{2})(\d{2})(\d{2})?$/u.exec(text);
  if (found === null) return undefined;
  const [sign, hours, minutes, seconds] = found[1] === undefined ? found.slice(5, 9) : found.slice(1, 5);
  if (Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const size = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  if (size > 18 * 3600) return undefined;
  return sign === '-' ? -size + 0 : size;
}

function fixedZone(id: string, offset: number): TimeZone {
  return { id, offsetAtUtc: () => offset, offsetAtLocal: () => offset };
}

const DAY = 86_400;
/** Rules of zones do not change beyond these years. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2400;

/** A stretch of time with one offset: UTC seconds, half open. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** Asks Intl for the transitions of a year once, and answers from that table. */
class NamedZone implements TimeZone {
  readonly id: string;
  private readonly format: Intl.DateTimeFormat;
  private readonly years = new Map<number, readonly Stretch[]>();
  private last: Stretch = { from: 0, until: 0, offset: 0 };

  constructor(id: string) {
    this.id = id;
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' });
  }

  offsetAtUtc(seconds: number): number {
    const { last } = this;
    if (seconds >= last.from && seconds < last.until) return last.offset;
    this.last = this.find(seconds);
    return this.last.offset;
  }

  offsetAtLocal(seconds: number): number {
    // Of the two offsets around, the one before is right in an overlap and in a gap; else both agree, or only the later one fits.
    const before = this.offsetAtUtc(seconds - DAY);
    const after = this.offsetAtUtc(seconds + DAY);
    if (before === after && this.offsetAtUtc(seconds - before) === before) return before;
    if (this.offsetAtUtc(seconds - before) === before) return before;
    return this.offsetAtUtc(seconds - after) === after ? after : before;
  }

  private find(seconds: number): Stretch {
    const { year } = dateOfDays(Math.floor(seconds / DAY));
    if (year < FIRST_YEAR)
      return {
        from: -Infinity,
        until: daysOfDate(FIRST_YEAR, 1, 1) * DAY,
        offset: this.ask(daysOfDate(FIRST_YEAR, 1, 1) * DAY),
      };
    // The calendar repeats every 400 years, and so do the rules.
    const same = year > LAST_YEAR ? LAST_YEAR - 399 + ((year - (LAST_YEAR - 399)) % 400) : year;
    const shift = (daysOfDate(year, 1, 1) - daysOfDate(same, 1, 1)) * DAY;
    let stretches = this.years.get(same);
    if (stretches === undefined) {
      stretches = this.stretchesOf(same);
      this.years.set(same, stretches);
    }
    const at = seconds - shift;
    const found = stretches.find(({ from, until }) => at >= from && at < until) as Stretch;
    return shift === 0 ? found : { from: found.from + shift, until: found.until + shift, offset: found.offset };
  }

  private stretchesOf(year: number): readonly Stretch[] {
    const start = daysOfDate(year, 1, 1) * DAY;
    const end = daysOfDate(year + 1, 1, 1) * DAY;
    const stretches: Stretch[] = [];
    let from = start;
    let offset = this.ask(start);
    for (let at = start; at < end;) {
      const next = Math.min(at + 10 * DAY, end);
      const other = this.ask(next);
      if (other !== offset) {
        // Two transitions within ten days (Ramadan in Morocco is longer) do not occur.
        let low = at;
        let high = next;
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (this.ask(middle) === offset) low = middle;
          else high = middle;
        }
        stretches.push({ from, until: high, offset });
        from = high;
        offset = other;
      }
      at = next;
    }
    if (from < end) stretches.push({ from, until: end, offset });
    return stretches;
  }

  private ask(seconds: number): number {
    const found = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/u.exec(this.format.format(seconds * 1000));
    if (found?.[1] === undefined) return 0;
    const size = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0);
    return found[1] === '-' ? -size : size;
  }
}
