import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reportError } from '../../../lib/cli/output/report-error.ts';
import { Terminal } from '../../../lib/cli/output/terminal.ts';
import { type ErrorOptions, failure } from '../../../lib/kernel/errors.ts';

const plain = { json: false, quiet: false, verbose: false, noColor: true };

/** An error as a user's function would throw it. */
function thrownBy(frame: string): Error {
  const error = new RangeError('no such price');
  error.stack = `RangeError: no such price\n    at ${frame}\n    at node:internal/timers:1:1`;
  return error;
}

/** An error of ours that was raised with no frame of the user on the stack. */
function ours(options: ErrorOptions = {}): Error {
  const error = failure('CLI_OPTION', { option: 'port', value: 'x', expected: 'a number' }, options);
  error.stack = error.message;
  return error;
}

describe('an error on standard error', () => {
  let said = '';
  beforeEach(() => {
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('has what happened and the remedy on lines of their own, and no stack', () => {
    expect(reportError(ours(), new Terminal(plain))).toBe(2);
    expect(said).toBe('[CLI_OPTION] Option --port cannot be x.\nUse a number.\n');
  });

  it('moves no cursor, whatever its values are called', () => {
    reportError(failure('CLI_STATE_KEY', { key: '\u001B[2J', where: 'a\u009B' }), new Terminal(plain));
    expect(said).toContain(String.raw`\u001b[2J`);
    expect(said).not.toMatch(/[\u001B\u009B]/u);
  });

  it("shows place and stack of the user's own function, and no frame of anybody else", () => {
    const cause = thrownBy('price (/home/me/app.ts:7:3)');
    const error = failure('CLI_PROGRAM_THREW', { path: 'app.ts', problem: cause.message }, { cause });
    expect(reportError(error, new Terminal(plain))).toBe(1);
    expect(said.split('\n').slice(1)).toEqual([
      '  at /home/me/app.ts:7:3',
      'The stack below names the place.',
      'RangeError: no such price',
      '    at price (/home/me/app.ts:7:3)',
      '',
    ]);
  });

  it('shows no stack where a package threw', () => {
    const cause = thrownBy('send (/home/me/node_modules/x/index.js:7:3)');
    reportError(failure('CLI_PROGRAM_THREW', { path: 'app.ts', problem: '' }, { cause }), new Terminal(plain));
    expect(said).not.toContain('    at ');
  });

  it('shows every stack with --verbose', () => {
    const cause = thrownBy('send (/home/me/node_modules/x/index.js:7:3)');
    const error = failure('CLI_PROGRAM_THREW', { path: 'app.ts', problem: '' }, { cause });
    reportError(error, new Terminal({ ...plain, verbose: true }));
    expect(said).toContain('Caused by: RangeError');
    expect(said).toContain('node_modules');
  });

  it('is one object with --json', () => {
    reportError(ours({ where: { topic: 't' } }), new Terminal({ ...plain, json: true }));
    expect(JSON.parse(said)).toEqual({
      v: 1,
      type: 'error',
      code: 'CLI_OPTION',
      message: 'Option --port cannot be x. (topic t)',
      remedy: 'Use a number.',
      params: { option: 'port', value: 'x', expected: 'a number' },
      where: { topic: 't' },
      exitCode: 2,
    });
  });

  it.each([[new TypeError('x is undefined')], ['a text'], [undefined]])(
    'that is none of ours is a fault of ours: %p',
    (thrown) => {
      expect(reportError(thrown, new Terminal(plain))).toBe(70);
      expect(said).toContain('[INTERNAL_INVARIANT]');
    },
  );

  it('has the message of a code with a dot in it without the code, as one object', () => {
    const error = failure('UNRESOLVED_COLUMN.WITH_SUGGESTION', { objectName: '`a`', proposal: '`b`' });
    reportError(error, new Terminal({ ...plain, json: true }));
    expect(JSON.parse(said)).toMatchObject({
      code: 'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      message: expect.stringMatching(/^There is no column/u),
    });
  });
});
