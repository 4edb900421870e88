import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadLine } from './io/host.ts';
import type { ThreadStart } from './node/threads.ts';

/** What a thread can be started for, each with no more of the package than it needs. A new entry is one row here. */
const entries: Readonly<Record<string, (data: unknown, line: ThreadLine) => Promise<void>>> = {
  program: async (data, line) => {
    // The wiring: connectors, the host, the store.
    await import('./index.ts');
    const { runProgramThread } = await import('./cli/run/program-thread.ts');
    await runProgramThread(data, line);
  },
  query: async (data, line) => {
    const [{ registerConnectors }, { installHost }, { nodeHost }, { serveQuery }] = await Promise.all([
      import('./connectors/index.ts'),
      import('./io/host.ts'),
      import('./node/host.ts'),
      import('./structured/threads/serve-query.ts'),
    ]);
    installHost(nodeHost);
    registerConnectors();
    serveQuery(data, line);
  },
  golden: async (data, line) => {
    const { runGoldenThread } = await import('./testing/golden/golden-thread.ts');
    await runGoldenThread(data, line);
  },
};

// The entry of a thread that `node/threads.ts` starts.
if (parentPort !== null) {
  const port = parentPort;
  const { entry, data } = workerData as ThreadStart;
  await entries[entry]?.(data, {
    post: (message, handedOver = []) => {
      port.postMessage(message, [...handedOver]);
    },
    receive: (receiver) => {
      port.on('message', receiver as (message: unknown) => void);
    },
  });
}
