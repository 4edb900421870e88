import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** How a command ended and what it said. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly stdin?: string;
  /** What Node is given before the words: the built command, unless told otherwise. */
  readonly script?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the built command to its end. Standard output is a pipe, as in scripts. */
export async function millrace(
  words: readonly string[],
  { cwd, stdin = '', script = [resolve('dist/cli/main.js')], environment = {} }: Surroundings = {},
): Promise<Ended> {
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [...script, ...words], {
    cwd: cwd ?? process.cwd(),
    env: { ...inherited, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(stdin);
  return await new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      settle({ status, stdout, stderr });
    });
  });
}

/** Output with batch times as distances from the first: `Time: +500 ms`. */
export function withoutClock(output: string): string {
  let first: number | undefined;
  return output.replaceAll(/^Time: (\d+) ms$/gmu, (_, text: string) => {
    const time = Number(text);
    first ??= time;
    return `Time: +${time - first} ms`;
  });
}
