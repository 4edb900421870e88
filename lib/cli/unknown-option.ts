import { raise } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type CommandDescription, nameOf } from './command.ts';

/** Options of every command. */
const ofAll = ['json', 'quiet', 'verbose', 'no-color'];

/**
 * Refuses the first option that the command does not have, by its name. yargs would take the word behind it for its value, and then miss
 * that word: `millrace run --nope app.ts` has a program.
 */
export function refuseUnknownOption(words: readonly string[], commands: readonly CommandDescription[]): void {
  const command = commands.find((one) => nameOf(one) === words.find((word) => !word.startsWith('-')));
  if (command === undefined) return;
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (let i = 0; i < end; i++) {
    const word = words[i] as string;
    if (!isOption(word)) continue;
    const [, name = ''] = /^--?([^=]*)/u.exec(word) ?? [];
    const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
    if (option === undefined && !ofAll.includes(name)) refuse(command, word.split('=')[0] ?? word, name);
    const takesNext = option !== undefined && option.isSwitch !== true && !word.includes('=');
    if (takesNext && !isOption(words[i + 1] ?? '')) i += option.bareValue === undefined ? 1 : 0;
  }
}

/** A negative number is a value, and `-` stands for a stream. */
function isOption(word: string): boolean {
  return /^-[^\d]/u.test(word);
}

function refuse(command: CommandDescription, shown: string, name: string): never {
  const known = Object.entries(command.options).flatMap(([one, { isLater }]) => (isLater === true ? [] : [one]));
  const meant = nearest(name, [...known, ...ofAll]);
  const hint = meant === undefined ? '' : ` Did you mean --${meant}?`;
  const problem = `millrace ${nameOf(command)} has no option ${shown}.${hint}`;
  raise('CLI_USAGE', { problem, command: `${nameOf(command)} ` });
}
