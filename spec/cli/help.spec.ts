import { describe, expect, it } from '@jest/globals';
import { commands, laterCommands } from '../../lib/cli/commands.ts';
import { nameOf } from '../../lib/cli/command.ts';
import { commandHelp, helpPage } from '../../lib/cli/help.ts';

describe('the help', () => {
  it.each([80, 110, 40])('names every command and stays within %i columns', (width) => {
    const page = helpPage(commands, width);
    for (const command of commands) expect(page).toContain(nameOf(command));
    const long = page.split('\n').filter((line) => line.length > Math.max(width, 62));
    expect(long).toEqual([]);
  });

  it.each(commands.map((command) => [nameOf(command), command] as const))(
    'of %s shows its options with their defaults',
    (_, command) => {
      const page = commandHelp(command, 100);
      for (const [name, { isLater, fallback }] of Object.entries(command.options)) {
        if (isLater === true) expect(page).not.toContain(`--${name} `);
        else expect(page).toContain(`--${name}`);
        if (isLater !== true && fallback !== undefined)
          expect(page.replaceAll(/\s+/gu, ' ')).toContain(`[default: ${fallback}]`);
      }
    },
  );

  it('does not show what is not there yet', () => {
    const page = helpPage(commands, 100);
    for (const name of laterCommands) expect(page).not.toMatch(new RegExp(`^  ${name} `, 'mu'));
  });
});
