import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** A command that runs while a browser looks at it. */
export interface Started {
  /** Resolves with the first match in what it says, on either stream. */
  said(pattern: RegExp): Promise<readonly string[]>;
  interrupt(): void;
  /** Its status, once it has ended by itself or by `interrupt` and nobody holds its streams any more. */
  readonly ended: Promise<number | null>;
  /** Ends it in any case. */
  kill(): void;
}

export function startMillrace(words: readonly string[]): Started {
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...environment } = process.env;
  const child = spawn(process.execPath, [resolve('dist/cli/main.js'), ...words], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | null>((settle) => {
    child.once('close', settle);
  });
  return {
    said: async (pattern) =>
      await new Promise((settle, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (found === null) return;
          waiting.delete(look);
          settle(found);
        };
        waiting.add(look);
        void ended.then((status) => {
          reject(new Error(`it ended with ${String(status)} and never said ${String(pattern)}: ${text}`));
        });
        look();
      }),
    interrupt: () => child.kill('SIGINT'),
    ended,
    kill: () => child.kill('SIGKILL'),
  };
}
