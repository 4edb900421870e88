import { parentPort, workerData } from 'node:worker_threads';
// The wiring: connectors, the host, the store.
// oxlint-disable-next-line import/no-unassigned-import
import './index.ts';
import type { ThreadStart } from './node/threads.ts';
import type { ThreadPort } from './streaming/threads/messages.ts';

/** What a thread can be started for. A new entry is one row here. */
const entries: Readonly<Record<string, (data: unknown, port: ThreadPort) => Promise<void>>> = {
  program: async (data, port) => {
    const { runProgramThread } = await import('./cli/run/program-thread.ts');
    await runProgramThread(data, port);
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
