import { raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { loadProgram, locateProgram } from '../run/load-program.ts';
import { resolve } from 'node:path';
import { loadSetup } from '../run/load-setup.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';
import type { Terminal } from '../output/terminal.ts';
import { readRunOptions, type RunOptions } from '../run/run-options.ts';
import { runProgram } from '../run/run-program.ts';

/** `--step`: the program is built by the command, so it needs a setup function. */
async function step(named: string, path: string, options: RunOptions, terminal: Terminal): Promise<number> {
  const { stepThrough } = await import('../step/step-program.ts');
  return await stepThrough(
    {
      path: named,
      setup: await loadSetup({ path: named, file: path, command: 'run --step' }),
      env: {
        brokers: options.brokers,
        batchInterval: options.intervalMs,
        args: options.args,
        checkpointDir: options.checkpoint === undefined ? temporaryFolder('checkpoint') : resolve(options.checkpoint),
      },
      startMs: Date.now(),
      samples: 5,
    },
    terminal,
    options.ui,
  );
}

/** `millrace run <program>` */
export async function run({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const named = words['program'];
  if (typeof named !== 'string') raise('CLI_USAGE', { problem: 'A program is missing.', command: 'run ' });
  const path = locateProgram(named);
  const options = readRunOptions(flags, rest);
  // A program at top level reads its own words where every script finds them.
  process.argv = [process.argv[0] ?? 'node', path, ...rest];
  if (flags.isOn('step')) return await step(named, path, options, terminal);
  return await runProgram({ path: named, file: path, load: async () => await loadProgram(path) }, options, terminal);
}
