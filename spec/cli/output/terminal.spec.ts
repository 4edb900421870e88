import { describe, expect, it, jest } from '@jest/globals';
import { columnsOf, eventLine, hasColour, rowText, Terminal } from '../../../lib/cli/output/terminal.ts';

const plain = { json: false, noColor: false };

describe('colour', () => {
  it.each([
    ['is used on a terminal', plain, {}, true, true],
    ['is not used in a pipe', plain, {}, false, false],
    ['is forced by FORCE_COLOR, also in a pipe', plain, { FORCE_COLOR: '1' }, false, true],
    ['is taken away by FORCE_COLOR=0', plain, { FORCE_COLOR: '0' }, true, false],
    ['is taken away by NO_COLOR', plain, { NO_COLOR: '1' }, true, false],
    ['is not taken away by an empty NO_COLOR', plain, { NO_COLOR: '' }, true, true],
    ['comes from FORCE_COLOR before NO_COLOR', plain, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['comes from --no-color before all', { json: false, noColor: true }, { FORCE_COLOR: '1' }, true, false],
    ['is never in JSON', { json: true, noColor: false }, { FORCE_COLOR: '1' }, true, false],
    ['is not used on a dumb terminal', plain, { TERM: 'dumb' }, true, false],
  ])('%s', (_, mode, environment, isTerminal, expected) => {
    expect(hasColour(mode, environment, isTerminal)).toBe(expected);
  });
});

describe('the width of lines', () => {
  it.each([
    ['has no end in a pipe', {}, Number.POSITIVE_INFINITY],
    ['is that of the terminal', { isTTY: true, columns: 60 }, 60],
    ['is 80 where the terminal does not tell', { isTTY: true }, 80],
    ['is 80 where it tells nonsense', { isTTY: true, columns: 0 }, 80],
  ])('%s', (_, stream, columns) => {
    expect(columnsOf(stream)).toBe(columns);
  });

  it.each([
    ['whole, with a tab, in a pipe', {}, `key\t${'v'.repeat(80)}`],
    ['cut to fit on a terminal', { isTTY: true, columns: 24 }, `key  ${'v'.repeat(18)}…`],
  ])('leaves a row %s', (_, stream, line) => {
    expect(rowText(['key', 'v'.repeat(80)], stream)).toBe(line);
  });
});

it('writes events with version and type first, and bigints as text', () => {
  expect(eventLine('batch', { time: 1, offset: 2n })).toBe('{"v":1,"type":"batch","time":1,"offset":"2"}');
});

describe('what a terminal is told', () => {
  const escape = '\u001B[2J\u202Eb\rc';
  const shown = String.raw`\u001b[2J\u202eb\u000dc`;

  it.each([
    ['a result', 'stdout', (terminal: Terminal, text: string) => terminal.result(text)],
    ['a note', 'stderr', (terminal: Terminal, text: string) => terminal.note(text)],
    ['a warning', 'stderr', (terminal: Terminal, text: string) => terminal.warn(text)],
  ] as const)('moves no cursor in %s, whatever a key or a topic is called', (_, stream, say) => {
    const write = jest.spyOn(process[stream], 'write').mockReturnValue(true);
    try {
      say(new Terminal({ json: false, quiet: false, verbose: false, noColor: true }), `a\t${escape}\nb`);
      expect(write.mock.calls[0]?.[0]).toBe(`a\t${shown}\nb\n`);
    } finally {
      write.mockRestore();
    }
  });
});

describe('a warning under --json', () => {
  it.each([
    ['has the code of a coded text', '[QUERY_WATERMARK_UNUSED] text', { code: 'QUERY_WATERMARK_UNUSED' }],
    ['has no code where the text has none', 'Kafka: [1] text', {}],
  ])('%s', (_, text, code) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      new Terminal({ json: true, quiet: false, verbose: false, noColor: true }).warn(text);
      expect(JSON.parse(String(write.mock.calls[0]?.[0]))).toEqual({ v: 1, type: 'warning', ...code, text });
    } finally {
      write.mockRestore();
    }
  });
});
