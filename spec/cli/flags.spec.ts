import { describe, expect, it } from '@jest/globals';
import { Flags } from '../../lib/cli/flags.ts';
import { MillraceError } from '../../lib/kernel/errors.ts';

function read(flags: Flags, how: (flags: Flags) => unknown): unknown {
  try {
    return how(flags);
  } catch (error) {
    if (error instanceof MillraceError) return error.message;
    throw error;
  }
}

describe('the values of a command', () => {
  it.each([
    ['the flag comes before the environment', { interval: '2s' }, { MILLRACE_INTERVAL: '3s' }, 2000],
    ['the environment comes before the default', {}, { MILLRACE_INTERVAL: '3s' }, 3000],
    ['the default is last', {}, {}, 1000],
  ])('%s', (_, given, environment, expected) => {
    expect(new Flags(given, environment).duration('interval', '1s')).toBe(expected);
  });

  it('finds names with dashes in the environment', () => {
    expect(new Flags({}, { MILLRACE_BATCH_TIMEOUT: '5s' }).duration('batch-timeout')).toBe(5000);
  });

  it.each<[string, unknown, (flags: Flags) => unknown, unknown]>([
    ['duration', '500ms', (f) => f.duration('x', 1), 500],
    [
      'duration without a unit',
      '500',
      (f) => f.duration('x', 1),
      /^\[CLI_OPTION\] Option --x cannot be 500\. Use a time greater than 0 with its unit/u,
    ],
    ['duration of nothing', '0s', (f) => f.duration('x', 1), /--x cannot be 0s/u],
    ['count', '7', (f) => f.count('x', { min: 1 }), 7],
    ['count below its bound', '0', (f) => f.count('x', { min: 1 }), /--x cannot be 0\. Use a whole number from 1\./u],
    ['count above its bound', '70000', (f) => f.count('x', { min: 0, max: 65_535 }), /from 0 to 65535/u],
    ['count that is negative', '-3', (f) => f.count('x', { min: 1 }), /--x cannot be -3/u],
    ['count that is no number', 'NaN', (f) => f.count('x', { min: 1 }), /--x cannot be NaN/u],
    ['rate for each second', '100/s', (f) => f.rate('x'), 100],
    ['rate for each minute', '600/m', (f) => f.rate('x'), 10],
    ['rate without a unit', '12.5', (f) => f.rate('x'), 12.5],
    ['rate of nothing', '0/s', (f) => f.rate('x'), /--x cannot be 0\/s/u],
    ['brokers', 'a:9092, b:9093', (f) => f.brokers('x', []), ['a:9092', 'b:9093']],
    ['broker without a port', 'localhost', (f) => f.brokers('x', []), /--x cannot be localhost\. Use host:port/u],
    ['broker with a wrong port', 'a:99999', (f) => f.brokers('x', []), /--x cannot be a:99999/u],
    ['broker by IPv6 address', '[::1]:9092', (f) => f.brokers('x', []), ['[::1]:9092']],
    ['list with a gap', 'a,,b', (f) => f.list('x', []), /--x cannot be a,,b/u],
    ['empty text', '', (f) => f.text('x'), /--x cannot be empty/u],
  ])('%s', (_, value, how, expected) => {
    const result = read(new Flags({ x: value }, {}), how);
    // A pattern that holds is taken for what it describes.
    const holds = expected instanceof RegExp && expected.test(String(result));
    expect(holds ? expected : result).toEqual(expected);
  });

  it('ends the command with status 2', () => {
    expect(() => new Flags({ port: 'x' }, {}).count('port', { min: 0 })).toThrow(
      expect.objectContaining({ exitCode: 2 }),
    );
  });
});
