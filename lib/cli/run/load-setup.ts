import { controlRuns } from '../../batch/run-control.ts';
import { failure } from '../../kernel/errors.ts';
import { loadProgram } from './load-program.ts';
import { requireSetup, type Setup } from './setup-program.ts';

export interface LoadSetupOptions {
  /** For messages. */
  readonly path: string;
  readonly file: string;
  /** What needs the setup function. */
  readonly command: string;
  /** How long the top level may take. */
  readonly timeoutMs?: number;
}

/**
 * Imports a program for its setup function. Nothing starts meanwhile: the first context or query that the top level wants to start is
 * what the program is refused for, before it has touched a checkpoint or a sink.
 */
export async function loadSetup({ path, file, command, timeoutMs }: LoadSetupOptions): Promise<Setup> {
  let timer: NodeJS.Timeout | undefined;
  let release: (() => void) | undefined;
  const refused = new Promise<never>((_, reject) => {
    release = controlRuns({
      // The start never comes back: the top level must neither go on behind it nor catch what refuses it.
      beforeStart: async () => {
        reject(failure('CLI_PROGRAM_NO_SETUP', { path, command }));
        await new Promise<never>(() => undefined);
      },
    });
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      reject(failure('CLI_PROGRAM_LOAD_TIMEOUT', { path, timeoutMs }));
    }, timeoutMs);
    // Where nothing else is left to wait for, the load says so by itself.
    timer.unref();
  });
  try {
    return requireSetup(path, await Promise.race([loadProgram(file), refused]), command);
  } finally {
    clearTimeout(timer);
    release?.();
  }
}
