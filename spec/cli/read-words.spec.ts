import { describe, expect, it } from '@jest/globals';
import type { CommandDescription } from '../../lib/cli/command.ts';
import { readWords } from '../../lib/cli/read-words.ts';

const command: CommandDescription = {
  usage: 'run <program> [action]',
  summary: 'Run',
  choices: { action: ['ls', 'get'] },
  options: {
    from: { summary: 'Begin' },
    conf: { summary: 'Settings', joins: true },
    ui: { summary: 'Page', bareValue: '4040' },
    step: { summary: 'Step', isSwitch: true },
  },
  load: async () => await Promise.resolve(async () => await Promise.resolve(0)),
};

describe('the words of a command', () => {
  it.each<[string, readonly string[], Readonly<Record<string, unknown>>]>([
    ['words by their names', ['a.ts', 'ls'], { program: 'a.ts', action: 'ls' }],
    ['a word that may be left out', ['a.ts'], { program: 'a.ts' }],
    ['words that look like numbers, as texts', ['007', '--from', '010'], { program: '007', from: '010' }],
    [
      'options before, between and behind words',
      ['--step', 'a.ts', '--from', 'x', 'ls'],
      {
        step: true,
        program: 'a.ts',
        from: 'x',
        action: 'ls',
      },
    ],
    ['a value behind =, with another one in it', ['a.ts', '--from=a=b'], { program: 'a.ts', from: 'a=b' }],
    ['an empty value', ['a.ts', '--from='], { program: 'a.ts', from: '' }],
    ['a negative number as a value', ['a.ts', '--from', '-5'], { program: 'a.ts', from: '-5' }],
    ['a stream as a value and as a word', ['-', '--from', '-'], { program: '-', from: '-' }],
    ['of an option given twice the last value', ['a.ts', '--from', '1', '--from=2'], { program: 'a.ts', from: '2' }],
    [
      'all values of one that joins them',
      ['a.ts', '--conf', 'a=1', '--conf=b=2'],
      {
        program: 'a.ts',
        conf: 'a=1,b=2',
      },
    ],
    ['a value that is left out before a word', ['--ui', 'a.ts'], { program: 'a.ts', ui: '4040' }],
    ['a value that is left out at the end', ['a.ts', '--ui'], { program: 'a.ts', ui: '4040' }],
    ['a value that may be left out and is there', ['--ui', '8080', 'a.ts'], { program: 'a.ts', ui: '8080' }],
    ['a switch that is taken back', ['a.ts', '--step', '--step=false'], { program: 'a.ts', step: false }],
    ['a switch of every command', ['a.ts', '--json'], { program: 'a.ts', json: true }],
  ])('are read: %s', (_, words, values) => {
    expect(readWords(words, command)).toEqual({ values, rest: [] });
  });

  it('end at --, and what follows is the rest as it is', () => {
    expect(readWords(['a.ts', '--ui', '--', '--nope', '--', 'x'], command)).toEqual({
      values: { program: 'a.ts', ui: '4040' },
      rest: ['--nope', '--', 'x'],
    });
  });

  it.each<[string, readonly string[], string]>([
    ['an option without its value', ['a.ts', '--from'], 'Option --from needs a value.'],
    ['an option whose value would be another one', ['a.ts', '--from', '--ui'], 'Option --from needs a value.'],
    ['an option whose value would stand behind --', ['a.ts', '--from', '--', 'x'], 'Option --from needs a value.'],
    ['an option with one dash', ['a.ts', '-from', 'x'], 'millrace run has no option -from.'],
    ['a name that every object has', ['a.ts', '--constructor'], 'millrace run has no option --constructor.'],
    ['a word that is not there', ['--step'], 'Not enough words: <program> is missing.'],
    ['a word too many', ['a.ts', 'ls', 'x'], 'Unknown argument: x.'],
    [
      'a word that is none of those that may stand there',
      ['a.ts', 'list'],
      'The action cannot be list: it is one of ls, get.',
    ],
  ])('refuse %s', (_, words, problem) => {
    expect(() => readWords(words, command)).toThrow(problem);
  });
});
