import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import type { Thread, ThreadEvents, Threads } from '../io/host.ts';
import { messageOf } from '../kernel/errors.ts';

/** What `thread.ts` is started with. */
export interface ThreadStart {
  readonly entry: string;
  readonly data: unknown;
}

/** The sources run as they are in specs, where a worker cannot load them; the build has threads. */
const isBuilt = import.meta.url.endsWith('.js');

const typedIn = /^(?:-e|-p|-pe|-i|--eval|--print|--interactive|--test)\b/u;

const nodeThreads: Threads = {
  processors: availableParallelism(),

  mainProgram() {
    const [, file] = process.argv;
    if (!isMainThread) return { reason: 'it runs in a thread itself' };
    if (file === undefined || file === '-' || process.execArgv.some((option) => typedIn.test(option)))
      return { reason: 'its text is in no file that could be loaded again' };
    if (process.env['NODE_TEST_CONTEXT'] !== undefined) return { reason: 'it is run by a test runner' };
    try {
      const real = realpathSync(file);
      return /[\\/]node_modules[\\/]/u.test(real)
        ? { reason: `it is run by ${real}` }
        : { file: real, args: process.argv.slice(2) };
    } catch (error) {
      return { reason: messageOf(error) };
    }
  },

  start(entry, data, events) {
    return startThread({ entry, data }, events);
  },
};

/** Node's threads. */
export const threadsOfNode: Threads | undefined = isBuilt ? nodeThreads : undefined;

function startThread(start: ThreadStart, { message, ended }: ThreadEvents): Thread {
  const worker = new Worker(new URL('../thread.js', import.meta.url), { workerData: start, name: start.entry });
  let isOver = false;
  const over = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    ended(reason);
  };
  worker.on('message', message);
  worker.on('error', (error) => {
    over(messageOf(error));
  });
  worker.on('exit', (status) => {
    over(`exit status ${status}`);
  });
  return {
    post: (sent, handedOver = []) => {
      worker.postMessage(sent, [...handedOver]);
    },
    end: async () => {
      isOver = true;
      await worker.terminate();
    },
  };
}
