import { installHost } from '../../io/host.ts';
import { messageOf } from '../../kernel/errors.ts';
import { nodeHost } from '../../node/host.ts';
import type { Config } from '../../streaming/configuration.ts';
import type { ThreadPort } from '../../streaming/threads/messages.ts';
import { serveProgram } from '../../streaming/threads/serve-program.ts';
import { runDStreamCase } from './dstream-kinds.ts';
import type { DStreamCase, DStreamFile } from './golden-file.ts';

/** What a thread has to know to build the program of a case. */
export interface GoldenThreadData {
  readonly goldenCase: DStreamCase;
  readonly file: Omit<DStreamFile, 'cases'>;
  readonly config: Config;
}

/** Builds the program of a case in a thread that computes for another one: the case runs up to where its context starts. */
export async function runGoldenThread(data: unknown, port: ThreadPort): Promise<void> {
  const { goldenCase, file, config } = data as GoldenThreadData;
  installHost(nodeHost);
  serveProgram(port, () => undefined);
  try {
    await runDStreamCase(goldenCase, file, { config, directory: () => 'none' });
  } catch (error) {
    port.post({ kind: 'notBuilt', reason: messageOf(error) });
  }
}
