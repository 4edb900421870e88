#!/usr/bin/env node
import { MillraceError } from '../kernel/errors.ts';
import { nameOf } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, helpPage } from './help.ts';
import { reportError } from './output/report-error.ts';
import { Terminal } from './output/terminal.ts';
import { packageVersion } from './package.ts';

// Only what help and errors need is imported above: the engine and the commands cost more than the rest together.

const words = process.argv.slice(2);
const options = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;

endQuietlyWhenNobodyReads();

if (options.some((word) => word === '--help' || word === '-h') || words[0] === 'help') {
  const width = Math.min(110, process.stdout.columns || 110);
  const command = commands.find((candidate) => options.includes(nameOf(candidate)));
  process.stdout.write(command === undefined ? helpPage(commands, width) : commandHelp(command, width));
} else if (options.includes('--version')) {
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const terminal = new Terminal({
    json: options.includes('--json'),
    quiet: options.includes('--quiet'),
    verbose: options.includes('--verbose'),
    noColor: options.includes('--no-color'),
  });
  const status = await perform(terminal);
  terminal.endStatus();
  // Whatever a user's program left open must not keep the command from ending.
  process.exit(status);
}

async function perform(terminal: Terminal): Promise<number> {
  try {
    const { dispatch } = await import('./dispatch.ts');
    return await dispatch(words, terminal);
  } catch (error) {
    return reportError(error, terminal);
  }
}

/** `millrace ... | head`: the reader has gone and wants no more, which is no failure. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      // Nothing can be said any more on a stream that does not take it.
      process.exit(error instanceof MillraceError ? error.exitCode : 1);
    });
  }
}
