import { host, installHost } from '../../io/host.ts';
import { systemClock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import { type Config, useCommandConfig } from '../../streaming/configuration.ts';
import { StreamingContext } from '../../streaming/streaming-context.ts';
import type { ThreadPort } from '../../streaming/threads/messages.ts';
import { serveProgram } from '../../streaming/threads/serve-program.ts';
import { loadProgram } from './load-program.ts';
import { callSetup, type Setup, setupOf } from './setup-program.ts';

/** What a thread has to know to build a program as the process did. */
export interface ProgramThreadData {
  readonly file: string;
  /** For programs with a setup function. */
  readonly env?: Omit<ProgramEnv, 'clock'>;
  readonly conf?: Config;
  /** What stands behind the file on the command line. */
  readonly args?: readonly string[];
}

/**
 * Builds a program in a thread that computes for another one. What the program writes while it is being built the other one writes, too:
 * it is left out here.
 */
export async function runProgramThread(data: unknown, port: ThreadPort): Promise<void> {
  const { file, env, conf, args = [] } = data as ProgramThreadData;
  process.argv = [process.argv[0] ?? 'node', file, ...args];
  const speak = muted();
  let isBuilt = false;
  installHost({
    ...host(),
    warn: (text) => {
      if (isBuilt) port.post({ kind: 'warning', text });
    },
  });
  serveProgram(port, () => {
    isBuilt = true;
    speak();
  });
  try {
    if (conf !== undefined) useCommandConfig(conf);
    await build(file, env);
  } catch (error) {
    port.post({ kind: 'notBuilt', reason: `its module cannot be loaded in a thread (${messageOf(error)})` });
    return;
  }
  port.post({ kind: 'notBuilt', reason: 'its module ends without starting a context when it is loaded again' });
}

async function build(file: string, env: ProgramThreadData['env']): Promise<void> {
  const setup = setupOf(await loadProgram(file));
  if (typeof setup !== 'function' || env === undefined) return;
  const built = await callSetup(file, setup as Setup, { ...env, brokers: [...env.brokers], clock: systemClock });
  if (built instanceof StreamingContext) await built.start();
}

/** Lets nothing out until the function that it returns is called. */
function muted(): () => void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) {
    stream.write = (_chunk: unknown, ...rest: unknown[]): boolean => {
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(() => (done as () => void)());
      return true;
    };
  }
  return () => {
    for (const [i, stream] of streams.entries()) stream.write = writes[i] as typeof stream.write;
  };
}
