import { describe, expect, it } from '@jest/globals';
import { commands } from '../../lib/cli/commands.ts';
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
      const page = commandHelp(command, 100).replaceAll(/\s+/gu, ' ');
      const options = Object.entries(command.options);
      const shown = options.filter(([name]) => page.includes(` --${name} `)).map(([name]) => name);
      expect(shown).toEqual(options.filter(([, { isLater }]) => isLater !== true).map(([name]) => name));
      const defaults = options.flatMap(([, { isLater, fallback }]) => (isLater === true ? [] : (fallback ?? [])));
      for (const fallback of defaults) expect(page).toContain(`[default: ${fallback}]`);
    },
  );
});
