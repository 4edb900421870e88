import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadStart } from './node/threads.ts';
import type { ThreadPort } from './streaming/threads/messages.ts';

/** What a thread can be started for. A new entry is one row here. */
const entries: Readonly<Record<string, (data: unknown, port: ThreadPort) => Promise<void>>> = {
  program: async (data, port) => {
    // The wiring: connectors, the host, the store.
    await import('./index.ts');
    const { runProgramThread } = await import('./cli/run/program-thread.ts');
    await runProgramThread(data, port);
  },
  golden: async (data, port) => {
    const { runGoldenThread } = await import('./testing/golden/golden-thread.ts');
    await runGoldenThread(data, port);
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
      port.on('message', receiver);
    },
  });
}
