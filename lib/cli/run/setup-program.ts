import { raise } from '../../kernel/errors.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import { type ProgramModule, programFailed } from './load-program.ts';
import { unlessStuck } from './unless-stuck.ts';

export type Setup = (env: ProgramEnv) => unknown;

/** The default export; of a CommonJS module its `exports`, or the `default` that TypeScript put there. */
export function setupOf(module: ProgramModule): unknown {
  const exported = module['default'];
  if (exported === null || typeof exported !== 'object') return exported;
  if (Object.keys(exported).length === 0 && 'module.exports' in module) return undefined;
  return 'default' in exported ? exported.default : exported;
}

/** The setup function of a program that a command has to call, perhaps several times: one at top level is refused. */
export function requireSetup(path: string, module: ProgramModule, command: string): Setup {
  const setup = setupOf(module);
  if (setup === undefined) raise('CLI_PROGRAM_NO_SETUP', { path, command });
  if (typeof setup !== 'function') raise('CLI_PROGRAM_DEFAULT_EXPORT', { path, actual: kindOf(setup) });
  return setup as Setup;
}

/** Calls it; what it throws is an error with the program's path. */
export async function callSetup(path: string, setup: Setup, env: ProgramEnv): Promise<unknown> {
  try {
    return await unlessStuck(path, 'setup function', Promise.resolve(setup(env)));
  } catch (error) {
    throw programFailed(path, error);
  }
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return `an object of ${value.constructor?.name ?? 'no class'}`;
  return `a ${typeof value}`;
}
