import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, raise } from '../../kernel/errors.ts';

/** Where one demo lives: events of the broker and the checkpoint of the program, so that they are kept or removed together. */
export interface DemoFolder {
  readonly path: string;
  readonly broker: string;
  readonly checkpoint: string;
  /** A demo has run here before. */
  readonly isKnown: boolean;
}

const markFile = 'millrace-demo.json';

/** Opens or makes the folder; `reset` empties it first. A folder with other things in it is never touched. */
export function openDemoFolder(given: string | undefined, reset: boolean): DemoFolder {
  const path = resolve(given ?? join(tmpdir(), 'millrace-demo'));
  const mark = join(path, markFile);
  try {
    const isKnown = existsSync(mark);
    if (!isKnown && existsSync(path) && readdirSync(path).length > 0) raise('CLI_DEMO_FOLDER', { path });
    if (isKnown && reset) rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    if (!isKnown || reset) writeFileSync(mark, `${JSON.stringify({ format: 1 })}\n`);
    return { path, broker: join(path, 'kafka'), checkpoint: join(path, 'checkpoint'), isKnown: isKnown && !reset };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return raise('CLI_FILE', { action: 'use', path, problem: messageOf(error) }, { cause: error });
  }
}
