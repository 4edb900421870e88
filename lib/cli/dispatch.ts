import yargs, { type Argv } from 'yargs';
import { raise } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type CommandDescription, nameOf, type OptionDescription } from './command.ts';
import { commands } from './commands.ts';
import { Flags } from './flags.ts';
import type { Terminal } from './output/terminal.ts';
import { refuseUnknownOption } from './unknown-option.ts';

type Values = Readonly<Record<string, unknown>>;

/** Finds the command that the words name, checks their form, and runs it. Returns the status to end with. */
export async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  refuseUnknown(words[0]);
  refuseUnknownOption(words, commands);
  const filled = joinRepeated(fillBareValues(words));
  let status = 0;
  const cli = yargs(filled)
    .scriptName('millrace')
    .locale('en')
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'populate--': true,
      'camel-case-expansion': false,
      'boolean-negation': false,
    })
    .options({ json: { type: 'boolean' }, quiet: { type: 'boolean' }, verbose: { type: 'boolean' } })
    .option('no-color', { type: 'boolean' })
    .demandCommand(1, 'A command is missing')
    .strict()
    .version(false)
    .help(false)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      const problem = sentence(message ?? 'The command line is wrong');
      raise('CLI_USAGE', { problem, command: chosen(words) });
    });
  for (const command of commands) {
    cli.command(
      command.usage,
      command.summary,
      (args) => describe(args, command),
      async (values) => {
        status = await perform(command, values, terminal);
      },
    );
  }
  await cli.parseAsync();
  return status;
}

function describe(args: Argv, command: CommandDescription): Argv {
  // Words stay texts: a topic or a key may look like a number.
  for (const [, name = ''] of command.usage.matchAll(/[<[](\w+)[>\]]/gu)) {
    const choices = command.choices?.[name];
    args.positional(name, choices === undefined ? { type: 'string' } : { type: 'string', choices });
  }
  for (const [name, option] of Object.entries(command.options)) {
    args.option(name, option.isSwitch === true ? { type: 'boolean' } : { type: 'string', requiresArg: true });
  }
  return args;
}

async function perform(command: CommandDescription, values: Values, terminal: Terminal): Promise<number> {
  for (const [name, option] of Object.entries(command.options)) refuseLaterOption(name, option, values);
  const handler = await command.load();
  const rest = values['--'];
  return await handler({
    words: values,
    rest: Array.isArray(rest) ? rest.map(String) : [],
    flags: new Flags(values, process.env),
    terminal,
  });
}

function refuseUnknown(word: string | undefined): void {
  if (word === undefined || word.startsWith('-')) return;
  const known = commands.map(nameOf);
  if (known.includes(word)) return;
  const near = nearest(word, known);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  raise('CLI_USAGE', { problem: `There is no command ${word}.${hint}`, command: '' });
}

function refuseLaterOption(name: string, option: OptionDescription, values: Values): void {
  if (option.isLater !== true || values[name] === undefined) return;
  raise('NOT_YET', { feature: `Option --${name}`, instead: 'Leave it out.' });
}

/** `--until-idle` alone means `--until-idle 1`, whatever follows it. */
function fillBareValues(words: readonly string[]): string[] {
  const bare = new Map<string, string>();
  for (const { options } of commands) {
    for (const [name, { bareValue }] of Object.entries(options)) {
      if (bareValue !== undefined) bare.set(`--${name}`, bareValue);
    }
  }
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return words.map((word, i) => {
    const value = i < end ? bare.get(word) : undefined;
    return value === undefined || /^\d/u.test(words[i + 1] ?? '') ? word : `${word}=${value}`;
  });
}

/** `--conf a=1 --conf b=2` means `--conf a=1,b=2`. */
function joinRepeated(words: readonly string[]): string[] {
  const joined = new Set<string>();
  for (const { options } of commands) {
    for (const [name, { joins }] of Object.entries(options)) if (joins === true) joined.add(`--${name}`);
  }
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const kept: string[] = [];
  const at = new Map<string, number>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const [name = '', ...rest] = word.split('=');
    const next = rest.length > 0 ? rest.join('=') : words[i + 1];
    if (i >= end || !joined.has(name) || next === undefined) {
      kept.push(word);
      continue;
    }
    if (rest.length === 0) i++;
    const first = at.get(name);
    if (first === undefined) at.set(name, kept.push(`${name}=${next}`) - 1);
    else kept[first] += `,${next}`;
  }
  return kept;
}

/** The command that was named, for "See millrace run --help". */
function chosen(words: readonly string[]): string {
  const name = words.find((word) => !word.startsWith('-'));
  return commands.some((command) => nameOf(command) === name) ? `${name} ` : '';
}

/** One sentence of yargs' messages, which run over several lines and may or may not end with a stop. */
function sentence(message: string): string {
  const line = message.trim().replaceAll(/\s*\n\s*/gu, ' ');
  return /[.?!]$/u.test(line) ? line : `${line}.`;
}
