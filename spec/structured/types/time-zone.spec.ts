import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addMonths,
  dateOfDays,
  dateText,
  daysInMonth,
  daysOfDate,
  parseDate,
} from '../../../lib/structured/types/calendar.ts';
import type { Long } from '../../../lib/structured/types/data-type.ts';
import { type TimeZone, timeZone } from '../../../lib/structured/types/time-zone.ts';
import {
  localOfTimestamp,
  parseTimestamp,
  parseTimestampNtz,
  timestampOfLocal,
  timestampText,
} from '../../../lib/structured/types/timestamp.ts';

function zone(id: string): TimeZone {
  const found = timeZone(id);
  if (found === undefined) throw new TypeError(id);
  return found;
}

describe('the calendar', () => {
  it('is that of JavaScript, for all the years that it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const { year, month, day } = dateOfDays(days);
        const expected = new Date(days * 86_400_000);
        expect([year, month - 1, day]).toEqual([
          expected.getUTCFullYear(),
          expected.getUTCMonth(),
          expected.getUTCDate(),
        ]);
        expect(daysOfDate(year, month, day)).toBe(days);
      }),
    );
  });

  it.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', -12, '2023-02-28'],
    ['0001-01-31', -1, '0000-12-31'],
    ['9999-12-31', 2, '+10000-02-29'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(dateText(addMonths(parseDate(from) ?? 0, months))).toBe(to);
  });

  it('knows the days of February', () => {
    expect([1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
  });
});

describe('time zones', () => {
  it.each([
    ['Z', 0],
    ['UTC', 0],
    ['GMT+1', 3600],
    ['UTC-03:30', -12_600],
    ['+8', 28_800],
    ['-0530', -19_800],
    ['+05:30:15', 19_815],
    ['PST', -28_800],
    ['EST', -18_000],
    ['Asia/Kolkata', 19_800],
  ])('%s is %i seconds from UTC in January', (id, offset) => {
    expect(zone(id).offsetAtUtc(1_704_067_200)).toBe(offset);
  });

  it.each(['z', 'Nowhere/City', '+19', '+1:2:3', 'europe vienna', '', '1', 'utc'])('%j is none', (id) => {
    expect(timeZone(id)).toBeUndefined();
  });

  it.each<[string, string, string]>([
    // The clock jumps from 2 to 3: a time that does not exist is one hour later.
    ['America/New_York', '2024-03-10 02:30:00', '2024-03-10T07:30:00Z'],
    // The clock shows 1:30 twice: the earlier one counts.
    ['America/New_York', '2024-11-03 01:30:00', '2024-11-03T05:30:00Z'],
    ['America/New_York', '2024-07-01 00:00:00', '2024-07-01T04:00:00Z'],
    ['Europe/Vienna', '2500-07-01 00:00:00', '2500-06-30T22:00:00Z'],
    ['Australia/Lord_Howe', '2024-01-01 00:00:00', '2023-12-31T13:00:00Z'],
    ['Pacific/Apia', '2011-12-30 12:00:00', '2011-12-30T22:00:00Z'],
    ['Africa/Casablanca', '2024-03-20 12:00:00', '2024-03-20T12:00:00Z'],
    ['Europe/Vienna', '9999-07-01 00:00:00', '9999-06-30T22:00:00Z'],
  ])('%s: %s is %s', (id, local, instant) => {
    expect(parseTimestamp(local, zone(id))).toBe(parseTimestamp(instant, zone('UTC')));
  });

  it.each(['America/New_York', 'Europe/Vienna', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns'])(
    '%s: the local time of an instant leads back to it, unless the clock shows it twice',
    (id) => {
      const at = zone(id);
      fc.assert(
        fc.property(fc.integer({ min: -2_000_000_000, max: 16_000_000_000 }), (seconds) => {
          const back = timestampOfLocal(localOfTimestamp(seconds * 1_000_000, at), at);
          expect([0, 3600, 1800]).toContain(Math.abs(Number(back) / 1_000_000 - seconds));
        }),
      );
    },
  );

  it('asks Intl for the same offsets', () => {
    const id = 'America/New_York';
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: id,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(timestampText(seconds * 1_000_000, zone(id))).toBe(format.format(seconds * 1000).replace(', ', ' '));
      }),
    );
  });
});

describe('texts of times', () => {
  const utc = zone('UTC');

  it.each<[string, string | undefined]>([
    ['2024-01-02 03:04:05.123456', '2024-01-02 03:04:05.123456'],
    [' 2024-1-2T3:4:5.1 ', '2024-01-02 03:04:05.1'],
    ['2024-01-02 03:04:05.1234567', '2024-01-02 03:04:05.123456'],
    ['2024-01-02 03:04:05.', '2024-01-02 03:04:05'],
    ['2024-01-02', '2024-01-02 00:00:00'],
    ['2024', '2024-01-01 00:00:00'],
    ['2024-01-02 03:04', '2024-01-02 03:04:00'],
    ['2024-01-02T03:04:05Z', '2024-01-02 03:04:05'],
    ['2024-01-02T03:04:05+1:00', '2024-01-02 02:04:05'],
    ['2024-01-02T03:04:05 Europe/Vienna', '2024-01-02 02:04:05'],
    ['9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999'],
    ['-0001-01-01 00:00:00', '-0001-01-01 00:00:00'],
    ['1969-12-31 23:59:59.5', '1969-12-31 23:59:59.5'],
    ['2024-01-02T03:04:05z', undefined],
    ['2024-01-02 24:00:00', undefined],
    ['2024-01-02T', undefined],
    ['2024-02-30', undefined],
    ['12', undefined],
    ['1704067200', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => {
    const micros = parseTimestamp(text, utc);
    expect(micros === undefined ? undefined : timestampText(micros, utc)).toBe(expected);
  });

  it('reads a time of day as one of today', () => {
    const now = parseTimestamp('2024-05-06 23:30:00', utc) as Long;
    expect(timestampText(parseTimestamp('T10:00:00', zone('+02:00'), () => now) as Long, utc)).toBe(
      '2024-05-07 08:00:00',
    );
  });

  it('reads over the zone of a local time', () => {
    expect(parseTimestampNtz('2024-01-02 03:04:05+05:00')).toBe(parseTimestampNtz('2024-01-02 03:04:05'));
  });

  it('writes what it reads, whatever the year', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), (exact) => {
        const micros = Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
        expect(parseTimestamp(timestampText(micros, utc), utc)).toBe(micros);
      }),
    );
  });
});
