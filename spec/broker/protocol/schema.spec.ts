import { describe, expect, it } from '@jest/globals';
import { type Api } from '../../../lib/broker/apis/api.ts';
import { apiOf } from '../../../lib/broker/apis/index.ts';
import { offeredVersions } from '../../../lib/broker/apis/offered-versions.ts';
import { Decoder } from '../../../lib/broker/protocol/decoder.ts';
import { Encoder } from '../../../lib/broker/protocol/encoder.ts';
import { array, int32, nullableString, optional, string, Struct } from '../../../lib/broker/protocol/schema.ts';

const apis = offeredVersions().map(({ key }) => apiOf(key) as Api);

/** Stands in for a decoder and makes up a message: other values at each call, nulls where they may be. */
function inventor(seed: number): Decoder {
  let calls = seed;
  const next = (): number => ++calls;
  const invention = {
    remaining: 0,
    int8: () => next() % 100,
    int16: () => next(),
    int32: () => next() * 1000,
    int64: () => next() * 10_000_000_000,
    boolean: () => next() % 2 === 0,
    uuid: () => String(next()).padStart(32, '0'),
    string: () => `text ${next()}`,
    bytes: () => Buffer.from(`bytes ${next()}`),
    arrayLength: () => next() % 3,
    skipTags: () => undefined,
  };
  return invention as unknown as Decoder;
}

/** Every message field by field as it was written; record sets come back as one buffer. */
function roundTrip(api: Api, side: 'request' | 'response', version: number, seed: number) {
  const isFlexible = version >= api.flexibleSince;
  const struct = api[side];
  const message = struct.read(inventor(seed), version, isFlexible);
  const output = new Encoder();
  struct.write(output, asWritten(message) as never, version, isFlexible);
  const input = new Decoder(Buffer.concat(output.toFrame()), 4);
  return { message, read: struct.read(input, version, isFlexible), left: input.remaining };
}

function asWritten(value: unknown, name = ''): unknown {
  if (name === 'records' && Buffer.isBuffer(value)) return [value];
  if (Array.isArray(value)) return value.map((each) => asWritten(each));
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asWritten(each, key)]));
}

describe('messages of every API', () => {
  it.each(apis.map((api) => [`${api.name} ${api.minVersion}-${api.maxVersion}`, api] as const))(
    '%s are read as they were written in each version',
    (_, api) => {
      for (let version = api.minVersion; version <= api.maxVersion; version++) {
        for (const side of ['request', 'response'] as const) {
          for (let seed = 0; seed < 6; seed++) {
            const { message, read, left } = roundTrip(api, side, version, seed);
            expect({ version, side, left, message: read }).toEqual({ version, side, left: 0, message });
          }
        }
      }
    },
  );

  it('offer at least what the four known clients speak', () => {
    const offered = offeredVersions().map(({ key, minVersion, maxVersion }) => `${key}: ${minVersion}-${maxVersion}`);
    const wanted = [
      '0: 3-9',
      '1: 4-13',
      '2: 1-7',
      '3: 0-12',
      '8: 2-8',
      '9: 1-8',
      '10: 0-4',
      '11: 0-7',
      '12: 0-4',
      '13: 0-4',
      '14: 0-5',
      '15: 0-5',
      '16: 0-4',
      '18: 0-3',
      '19: 2-7',
      '20: 1-6',
      '21: 0-2',
      '22: 0-4',
      '24: 0-3',
      '25: 0-3',
      '26: 0-3',
      '28: 0-3',
      '32: 1-4',
      '33: 0-2',
      '37: 0-3',
      '42: 0-2',
      '44: 0-1',
      '47: 0-0',
      '60: 0-0',
    ];
    expect(offered).toEqual(wanted);
  });
});

describe('a field', () => {
  const struct = new Struct({
    always: int32(),
    later: int32({ since: 2, absent: -1 }),
    gone: string({ until: 1 }),
    maybe: nullableString({ nullableSince: 3 }),
    known: optional(int32(), 42),
  });

  function through(version: number, message: Parameters<typeof struct.write>[1]) {
    const output = new Encoder();
    struct.write(output, message, version, false);
    return struct.read(new Decoder(Buffer.concat(output.toFrame()), 4), version, false);
  }

  it.each([
    [1, { always: 1, later: -1, gone: 'g', maybe: '', known: 42 }],
    [2, { always: 1, later: 5, gone: '', maybe: '', known: 42 }],
    [3, { always: 1, later: 5, gone: '', maybe: null, known: 42 }],
  ])('in version %d has its value, or stands for what its absence means', (version, expected) => {
    expect(through(version, { always: 1, later: 5, gone: 'g' })).toEqual(expected);
  });
});

describe('a record set', () => {
  it('becomes part of the response without being copied', () => {
    const stored = Buffer.from('stored batch');
    const output = new Encoder();
    output.records([stored], false);
    expect(output.toFrame().at(-1)).toBe(stored);
  });

  it('is followed by what comes after it', () => {
    const struct = new Struct({ items: array({ name: string() }) });
    const output = new Encoder();
    output.records([Buffer.from('abc'), Buffer.from('de')], true);
    struct.write(output, { items: [{ name: 'x' }] }, 0, true);
    expect(Buffer.concat(output.toFrame()).toString('hex')).toBe('0000000b0661626364650202780000');
  });
});
