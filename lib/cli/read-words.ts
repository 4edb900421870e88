import { raise } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type CommandDescription, nameOf, type OptionDescription } from './command.ts';

/** What a command line gives a command. */
export interface CommandWords {
  /** Positional words and options, by name. Words stay texts: a topic or a key may look like a number. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What stands behind `--`. */
  readonly rest: readonly string[];
}

const isSwitch = { isSwitch: true } as const;

/** Options of every command. */
const ofAll: Readonly<Record<string, { readonly isSwitch: true }>> = {
  json: isSwitch,
  quiet: isSwitch,
  verbose: isSwitch,
  'no-color': isSwitch,
};

type Option = Pick<OptionDescription, 'isSwitch' | 'bareValue' | 'joins'>;

/**
 * Reads what stands behind the name of a command, in its grammar. Of an option that is given several times the last value holds, or all of
 * them where the option joins them. What does not fit is refused: an option that the command does not have by its name, whatever stands behind it.
 *
 * @example
 * readWords(['app.ts', '--conf', 'a=1', '--conf=b=2', '--', 'x'], run)   // => { values: { program: 'app.ts', conf: 'a=1,b=2' }, rest: ['x'] }
 */
export function readWords(words: readonly string[], command: CommandDescription): CommandWords {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const positional: string[] = [];
  const values: Record<string, unknown> = {};
  for (let i = 0; i < end; i++) {
    const word = words[i] as string;
    if (!isOption(word)) {
      positional.push(word);
      continue;
    }
    const [, name = '', given] = /^--?([^=]*)(?:=(.*))?$/su.exec(word) ?? [];
    const option = word.startsWith('--') ? optionOf(command, name) : undefined;
    if (option === undefined) refuseOption(command, word.split('=')[0] ?? word, name);
    const next = i + 1 < end ? words[i + 1] : undefined;
    if (option.isSwitch === true) values[name] = given !== 'false';
    else if (given === undefined && takesNext(option, next)) {
      i += 1;
      values[name] = joined(option, values[name], next as string);
    } else values[name] = joined(option, values[name], given ?? option.bareValue ?? refuseMissing(command, name));
  }
  return { values: { ...values, ...named(command, positional) }, rest: words.slice(end + 1) };
}

/** A negative number is a value, and `-` stands for a stream. */
export function isOption(word: string): boolean {
  return /^-[^\d]/u.test(word);
}

function optionOf({ options }: CommandDescription, name: string): Option | undefined {
  if (Object.hasOwn(ofAll, name)) return ofAll[name];
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** `--until-idle` alone means `--until-idle 1`, whatever word follows it. */
function takesNext({ bareValue }: Option, next: string | undefined): boolean {
  if (next === undefined) return false;
  return bareValue === undefined ? !isOption(next) : /^\d/u.test(next);
}

/** `--conf a=1 --conf b=2` means `--conf a=1,b=2`. */
function joined({ joins }: Option, before: unknown, value: string): string {
  return joins === true && typeof before === 'string' ? `${before},${value}` : value;
}

/** The words by the names in the usage: `<dir>` has to be there, `[name]` may be left out. */
function named(command: CommandDescription, words: readonly string[]): Readonly<Record<string, string>> {
  const names = [...command.usage.matchAll(/([<[])(\w+)[>\]]/gu)];
  const more = words[names.length];
  if (more !== undefined) refuse(command, `Unknown argument: ${more}.`);
  const found: Record<string, string> = {};
  for (const [i, [shown, bracket, name = '']] of names.entries()) {
    const word = words[i];
    const choices = command.choices?.[name];
    if (word !== undefined && choices?.includes(word) === false) {
      refuse(command, `The ${name} cannot be ${word}: it is one of ${choices.join(', ')}.`);
    }
    if (word !== undefined) found[name] = word;
    else if (bracket === '<') refuse(command, `Not enough words: ${shown} is missing.`);
  }
  return found;
}

function refuseOption(command: CommandDescription, shown: string, name: string): never {
  const known = Object.entries(command.options).flatMap(([one, { isLater }]) => (isLater === true ? [] : [one]));
  const meant = nearest(name, [...known, ...Object.keys(ofAll)]);
  const hint = meant === undefined ? '' : ` Did you mean --${meant}?`;
  return refuse(command, `millrace ${nameOf(command)} has no option ${shown}.${hint}`);
}

function refuseMissing(command: CommandDescription, name: string): never {
  return refuse(command, `Option --${name} needs a value.`);
}

function refuse(command: CommandDescription, problem: string): never {
  return raise('CLI_USAGE', { problem, command: `${nameOf(command)} ` });
}
