import { raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { loadProgram, locateProgram } from '../run/load-program.ts';
import { readRunOptions } from '../run/run-options.ts';
import { runProgram } from '../run/run-program.ts';

/** `millrace run <program>` */
export async function run({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const named = words['program'];
  if (typeof named !== 'string') raise('CLI_USAGE', { problem: 'A program is missing.', command: 'run ' });
  const path = locateProgram(named);
  const options = readRunOptions(flags, rest);
  // A program at top level reads its own words where every script finds them.
  process.argv = [process.argv[0] ?? 'node', path, ...rest];
  return await runProgram({ path: named, load: async () => await loadProgram(path) }, options, terminal);
}
