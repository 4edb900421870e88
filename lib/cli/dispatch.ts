import { raise } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type CommandDescription, nameOf, type OptionDescription } from './command.ts';
import { commands } from './commands.ts';
import { Flags } from './flags.ts';
import type { Terminal } from './output/terminal.ts';
import { isOption, readWords } from './read-words.ts';

/** Finds the command that the words name, checks their form, and runs it. Returns the status to end with. */
export async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  const at = words.findIndex((word) => word === '--' || !isOption(word));
  const command = commandOf(words[at]);
  const { values, rest } = readWords(words.toSpliced(at, 1), command);
  for (const [name, option] of Object.entries(command.options)) refuseLaterOption(name, option, values[name]);
  const handler = await command.load();
  return await handler({ words: values, rest, flags: new Flags(values, process.env), terminal });
}

function commandOf(word: string | undefined): CommandDescription {
  if (word === undefined) raise('CLI_USAGE', { problem: 'A command is missing.', command: '' });
  const command = commands.find((candidate) => nameOf(candidate) === word);
  if (command !== undefined) return command;
  const near = nearest(word, commands.map(nameOf));
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return raise('CLI_USAGE', { problem: `There is no command ${word}.${hint}`, command: '' });
}

function refuseLaterOption(name: string, { isLater }: OptionDescription, value: unknown): void {
  if (isLater !== true || value === undefined) return;
  raise('NOT_YET', { feature: `Option --${name}`, instead: 'Leave it out.' });
}
