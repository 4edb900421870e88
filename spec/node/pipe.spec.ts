import { describe, expect, it, jest } from '@jest/globals';
import { pipeLines } from '../../lib/node/pipe.ts';

// Processes take long to start where many others run.
jest.setTimeout(60_000);

const node = (script: string): readonly string[] => [process.execPath, '-e', script];
const echo = 'process.stdin.pipe(process.stdout)';

async function linesOf(command: readonly string[], lines: Iterable<string>, env = {}): Promise<string[]> {
  const read: string[] = [];
  for await (const line of pipeLines(command, lines, env)) read.push(line);
  return read;
}

function* many(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `line ${i} ${'x'.repeat(50)}`;
}

describe('a program that lines are piped through', () => {
  it('gets the lines and gives its own, more than a pipe holds', async () => {
    const lines = await linesOf(node(echo), many(20_000));
    expect([lines.length, lines.at(-1)]).toEqual([20_000, `line 19999 ${'x'.repeat(50)}`]);
  });

  it('is given the environment', async () => {
    expect(await linesOf(node('console.log(process.env.MINE)'), [], { MINE: 'yes' })).toEqual(['yes']);
  });

  it('may end before it has read all', async () => {
    expect(await linesOf(node('console.log(1); process.exit(0)'), many(20_000))).toEqual(['1']);
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['ends with another status', node('process.exit(3)'), /HOST_PROCESS.*status 3/u],
    ['is not there', ['no-such-program-of-ours'], /HOST_PROCESS.*ENOENT/u],
    ['dies by a signal', node('process.kill(process.pid, "SIGTERM"); setInterval(() => 0, 1000)'), /SIGTERM/u],
  ])('fails when it %s', async (_, command, text) => {
    await expect(linesOf(command, ['a'])).rejects.toThrow(text);
  });

  it('is ended when nobody reads on', async () => {
    const lines = pipeLines(node('setInterval(() => console.log(process.pid), 5)'), [], {});
    const { value } = await lines.next();
    await lines.return(undefined);
    // Signal 0 asks whether the process is there.
    const isThere = (): boolean => {
      try {
        return process.kill(Number(value), 0);
      } catch {
        return false;
      }
    };
    // For ever where it stays: then the time of the test runs out.
    while (isThere()) await new Promise((resolve) => setImmediate(resolve));
    expect(isThere()).toBe(false);
  });
});
