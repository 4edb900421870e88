import { describe, expect, it } from '@jest/globals';
import { dispatch } from '../../lib/cli/dispatch.ts';
import { Terminal } from '../../lib/cli/output/terminal.ts';

const terminal = new Terminal({ json: false, quiet: true, verbose: false, noColor: true });

describe('a wrong command line', () => {
  it.each([
    ['no command', [], 'CLI_USAGE', 'A command is missing.'],
    ['an unknown command', ['rum'], 'CLI_USAGE', 'There is no command rum. Did you mean run?'],
    [
      'an unknown option',
      ['run', 'a.ts', '--intervall', '1s'],
      'CLI_USAGE',
      'millrace run has no option --intervall. Did you mean --interval?',
    ],
    ['an unknown option before a word', ['run', '--nope', 'a.ts'], 'CLI_USAGE', 'millrace run has no option --nope.'],
    ['an unknown option with its value', ['demo', '--rat=5'], 'CLI_USAGE', 'has no option --rat. Did you mean --rate?'],
    ['an unknown short option', ['broker', '-p', '9092'], 'CLI_USAGE', 'millrace broker has no option -p.'],
    [
      'an option of another command',
      ['learn', '--batches', '3'],
      'CLI_USAGE',
      'millrace learn has no option --batches.',
    ],
    [
      'an unknown option behind one whose value may be left out',
      ['run', 'a.ts', '--ui', '--nope'],
      'CLI_USAGE',
      'millrace run has no option --nope.',
    ],
    [
      'a setting without a value',
      ['run', 'jest.config.js', '--conf', 'a=1', '--conf', 'b'],
      'CLI_OPTION',
      '--conf cannot be b.',
    ],
    ['a word too many', ['run', 'a.ts', 'b.ts'], 'CLI_USAGE', 'Unknown argument: b.ts.'],
    ['a missing program', ['run'], 'CLI_USAGE', 'Not enough words: <program> is missing.'],
    ['a missing value', ['produce', 't', '--file'], 'CLI_USAGE', 'Option --file needs a value.'],
    ['a program that is not there', ['run', 'nix.ts'], 'CLI_PROGRAM_NOT_FOUND', 'There is no program nix.ts.'],
    ['a file that is no program', ['run', 'package.json'], 'CLI_PROGRAM_KIND', 'package.json is not a program.'],
    ['a folder as program', ['run', 'lib'], 'CLI_PROGRAM_KIND', 'lib is not a program.'],
    ['a wrong interval', ['run', 'jest.config.js', '--interval', '0'], 'CLI_OPTION', 'Option --interval cannot be 0.'],
    ['a wrong limit', ['run', 'jest.config.js', '--batches', '0'], 'CLI_OPTION', 'Option --batches cannot be 0.'],
    ['a wrong broker', ['run', 'jest.config.js', '--brokers', 'x'], 'CLI_OPTION', 'Option --brokers cannot be x.'],
    ['a wrong rate', ['demo', '--rate', '-1'], 'CLI_OPTION', 'Option --rate cannot be -1.'],
    ['a wrong port', ['broker', '--port', '99999'], 'CLI_OPTION', 'Option --port cannot be 99999.'],
    ['a wrong topic', ['broker', '--port', '0', '--topics', 'a:x'], 'BROKER_TOPIC_SPEC', 'a:x is not a topic'],
    [
      'a wrong action',
      ['topics', 'lits'],
      'CLI_USAGE',
      'The action cannot be lits: it is one of list, create, delete, describe.',
    ],
    ['a topic left out', ['topics', 'create'], 'CLI_USAGE', 'Name the topic to create.'],
    ['a wrong place to begin', ['consume', 't', '--from', 'soon'], 'CLI_OPTION', 'Option --from cannot be soon.'],
    ['a sample that is not there', ['samples', 'show', 'nix'], 'CLI_SAMPLE_UNKNOWN', 'There is no sample nix.'],
    [
      'a template that is not there',
      ['init', 'x', '--template', 'nix'],
      'CLI_SAMPLE_UNKNOWN',
      'There is no sample nix.',
    ],
    ['a folder that is in use', ['init', 'lib'], 'CLI_FOLDER_NOT_EMPTY', 'is not empty'],
    ['a lesson that is not there', ['learn', 'x'], 'LEARN_UNKNOWN_LESSON', 'There is no lesson x.'],
    ['a page that should also run a lesson', ['learn', '--ui', '--solution'], 'CLI_USAGE', 'takes no --solution'],
    ['a port that is none', ['learn', '--ui', '70000'], 'CLI_OPTION', 'Option --ui cannot be 70000.'],
    ['a command that there is not', ['ui'], 'CLI_USAGE', 'There is no command ui.'],
    ['a later option', ['run', 'a.ts', '--engine', 'spark://a'], 'NOT_YET', 'Option --engine is not in this version.'],
    [
      'a later option of samples',
      ['samples', 'run', 'top-k', '--clock', 'manual'],
      'NOT_YET',
      'Option --clock is not in this version.',
    ],
  ])('with %s is refused before anything starts', async (_, words, code, text) => {
    await expect(dispatch(words, terminal)).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringContaining(text) as unknown,
    });
  });
});
