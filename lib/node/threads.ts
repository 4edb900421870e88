import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { Thread, ThreadEvents, Threads } from '../io/host.ts';
import { entryUrl, isBuilt } from '../kernel/entry.ts';
import { messageOf } from '../kernel/errors.ts';

/** What `thread.ts` is started with. */
export interface ThreadStart {
  readonly entry: string;
  readonly data: unknown;
  /** Turns of the thread's event loop. */
  readonly turns: Int32Array;
}

/** A thread says so often that it goes on. */
const turnMs = 500;

let stuckMs = 60_000;

/** How long a function may keep a thread from going on before the thread is ended. */
export function limitStuckThreads(ms: number): void {
  stuckMs = ms;
}

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
    return startThread({ entry, data, turns: new Int32Array(new SharedArrayBuffer(4)) }, events);
  },
};

// In a thread that was started here: it goes on as long as its event loop turns.
if (!isMainThread && isStart(workerData)) {
  const { turns } = workerData;
  setInterval(() => Atomics.add(turns, 0, 1), turnMs).unref();
}

function isStart(data: unknown): data is ThreadStart {
  return typeof data === 'object' && data !== null && 'entry' in data && 'turns' in data;
}

/** Node's threads. */
export const threadsOfNode: Threads | undefined = isBuilt ? nodeThreads : undefined;

function startThread(start: ThreadStart, { message, ended }: ThreadEvents): Thread {
  const worker = new Worker(entryUrl('thread'), { workerData: start, name: start.entry });
  let isOver = false;
  const over = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    ended(reason);
  };
  let watch: NodeJS.Timeout | undefined;
  worker.on('message', (said) => {
    // What loads a program may take its time; what answers has loaded it.
    watch ??= watchTurns(start.turns, () => {
      over(`a function has kept it from going on for ${stuckMs} ms`);
      void worker.terminate();
    });
    message(said);
  });
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
      clearInterval(watch);
      await worker.terminate();
    },
  };
}

/** Calls `stuck` when nothing has been counted for too long. */
function watchTurns(turns: Int32Array, stuck: () => void): NodeJS.Timeout {
  let seen = -1;
  let silent = 0;
  const watch = setInterval(() => {
    const now = Atomics.load(turns, 0);
    silent = now === seen ? silent + 1 : 0;
    seen = now;
    if (silent * turnMs >= stuckMs) stuck();
  }, turnMs);
  watch.unref();
  return watch;
}
