import { accessSync, constants, mkdirSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { messageOf, raise } from '../kernel/errors.ts';

/** Makes the directory where needed, and refuses at once what this user may not read or write. */
export function ensureAccess(directory: string, files: readonly string[]): void {
  attempt(directory, () => {
    mkdirSync(directory, { recursive: true });
  });
  attempt(directory, () => {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  });
  for (const file of files) {
    attempt(file, () => {
      if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
    });
  }
}

function attempt(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    raise('CHECKPOINT_NOT_ACCESSIBLE', { path, reason: reasonOf(error) }, { cause: error });
  }
}

/** The system's own short name of a failure (`EACCES`), else its text. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : messageOf(error);
}
