import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { failure, messageOf } from '../kernel/errors.ts';

/**
 * Runs a program with lines on its standard input and gives the lines of its standard output. What it writes to standard error goes to ours.
 * Nothing is read ahead of whoever iterates; one who stops early ends the program.
 */
export async function* pipeLines(
  command: readonly string[],
  lines: Iterable<string>,
  env: Readonly<Record<string, string>>,
): AsyncGenerator<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(messageOf(error));
    });
    child.once('close', (status, signal) => {
      resolve(status === 0 ? undefined : `it ended with ${signal === null ? `status ${status}` : signal}`);
    });
  });
  // A program may end before it has read all, as `head` does: that is no failure of its own.
  child.stdin.on('error', () => undefined);
  const written = write(child.stdin, lines);
  let isDrained = false;
  try {
    yield* createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    isDrained = true;
  } finally {
    if (!isDrained) child.kill();
    await written;
  }
  const reason = await ended;
  if (reason !== undefined) throw failure('HOST_PROCESS', { command: command.join(' '), reason });
}

async function write(
  stdin: NodeJS.WritableStream & { readonly destroyed: boolean },
  lines: Iterable<string>,
): Promise<void> {
  for (const line of lines) {
    if (stdin.destroyed) return;
    if (stdin.write(`${line}\n`)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        stdin.removeListener('drain', go);
        stdin.removeListener('close', go);
        resolve();
      };
      stdin.once('drain', go);
      stdin.once('close', go);
    });
  }
  stdin.end();
}
