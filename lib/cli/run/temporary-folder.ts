import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, raise } from '../../kernel/errors.ts';

/** A new folder that is removed when the process ends, in whatever way JavaScript still gets to run. */
export function temporaryFolder(name: string): string {
  const folder = create(name);
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function create(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `millrace-${name}-`));
  } catch (error) {
    return raise(
      'CLI_FILE',
      { action: 'create a folder in', path: tmpdir(), problem: messageOf(error) },
      { cause: error },
    );
  }
}
