import type { CommandDescription } from './command.ts';
import { environmentName } from './flags.ts';
import { type NamedText, twoColumns } from './output/two-columns.ts';
import { wrapWords } from './output/wrap-words.ts';

const everywhere: readonly NamedText[] = [
  ['--json', 'one JSON object a line'],
  ['--quiet', 'only results, warnings and errors'],
  ['--verbose', 'errors with their stacks'],
  ['--no-color', 'plain text; NO_COLOR and FORCE_COLOR are heeded too'],
  ['--help, --version', ''],
];

const exitCodes: readonly NamedText[] = [
  ['0', 'done, or stopped by one signal'],
  ['1', 'the program or a batch failed'],
  ['2', 'the command line or a setting is wrong'],
  ['3', 'the broker cannot be reached'],
  ['4', "the checkpoint is locked, damaged or another program's"],
  ['5', 'the command found a difference'],
  ['6', 'the disk is full'],
  ['7', 'records are missing from the source'],
  ['8', 'another instance took over'],
  ['9', 'a sink failed'],
  ['70', 'a fault of millrace'],
  ['130, 143', 'stopped at once by a second signal'],
];

/** What `millrace --help` prints, `width` columns wide. */
export function helpPage(commands: readonly CommandDescription[], width: number): string {
  return [
    'millrace <command> [options]\n',
    `${paragraph('Discretized and structured streams: Spark DStream and DataFrame programs on Kafka, in Node.', width)}\n`,
    'Commands',
    twoColumns(
      commands.map(({ usage, summary }) => [usage, summary]),
      width,
    ),
    'Options of every command',
    twoColumns(everywhere, width),
    paragraph(
      `Every option with a value has a twin in the environment (${environmentName('checkpoint')} for --checkpoint); the command line comes first. millrace <command> --help tells more.`,
      width,
    ),
    '\nExit codes',
    twoColumns(exitCodes, width),
    'Start here: millrace demo, or millrace samples run word-count\n',
  ].join('\n');
}

/** What `millrace <command> --help` prints. */
export function commandHelp(command: CommandDescription, width: number): string {
  const options = Object.entries(command.options)
    .filter(([, option]) => option.isLater !== true)
    .map(([name, { summary, fallback }]): NamedText => [
      `--${name}`,
      fallback === undefined ? summary : `${summary} [default: ${fallback}]`,
    ]);
  const parts = [`millrace ${command.usage}\n`, `${paragraph(`${command.summary}.`, width)}\n`];
  if (command.details !== undefined) parts.push(`${paragraph(command.details, width)}\n`);
  if (options.length > 0) parts.push('Options', twoColumns(options, width));
  parts.push('Options of every command', twoColumns(everywhere, width));
  if (command.examples !== undefined)
    parts.push('Examples', `${command.examples.map((line) => `  ${line}`).join('\n')}\n`);
  return parts.join('\n');
}

function paragraph(text: string, width: number): string {
  return wrapWords(text, width).join('\n');
}
