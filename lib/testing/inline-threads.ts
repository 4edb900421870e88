import type { Thread, ThreadEvents, Threads } from '../io/host.ts';
import { raise } from '../kernel/errors.ts';
import { serveQuery } from '../structured/threads/serve-query.ts';

/** A thread as a test sees it. */
export interface InlineThread {
  /** Ends it as if it had died. */
  die(): void;
  /** How many messages it was sent. */
  readonly received: number;
}

interface InlineThreadsOptions {
  /** Called before a message reaches a thread. */
  readonly onSent?: (thread: InlineThread) => void;
  /** What starts threads that are not for queries. */
  readonly others?: Threads | undefined;
}

/**
 * Threads of queries that run in this one, for tests: messages are copied as between threads, and each side goes on when the other one waits.
 */
export class InlineThreads implements Threads {
  readonly processors = 2;
  readonly started: InlineThread[] = [];
  readonly #onSent: ((thread: InlineThread) => void) | undefined;
  readonly #others: Threads | undefined;

  constructor({ onSent, others }: InlineThreadsOptions = {}) {
    this.#onSent = onSent;
    this.#others = others;
  }

  mainProgram(): ReturnType<Threads['mainProgram']> {
    return this.#others?.mainProgram() ?? { reason: 'it is a test' };
  }

  start(entry: string, data: unknown, events: ThreadEvents): Thread {
    if (entry !== 'query') {
      return (
        this.#others?.start(entry, data, events) ??
        raise('INTERNAL_INVARIANT', { what: `no thread does ${entry} here` })
      );
    }
    const thread = new Inline(data, events, this.#onSent);
    this.started.push(thread);
    return thread;
  }
}

class Inline implements InlineThread, Thread {
  received = 0;
  readonly #events: ThreadEvents;
  readonly #onSent: ((thread: InlineThread) => void) | undefined;
  #receiver: ((message: never) => void) | undefined;
  #isAlive = true;

  constructor(data: unknown, events: ThreadEvents, onSent: ((thread: InlineThread) => void) | undefined) {
    this.#events = events;
    this.#onSent = onSent;
    serveQuery(structuredClone(data), {
      post: (message, handedOver = []) => {
        const copy = structuredClone(message, { transfer: [...handedOver] });
        setImmediate(() => {
          if (this.#isAlive) events.message(copy);
        });
      },
      receive: (receiver) => {
        this.#receiver = receiver;
      },
    });
  }

  post(message: unknown, handedOver: readonly ArrayBuffer[] = []): void {
    const copy: unknown = structuredClone(message, { transfer: [...handedOver] });
    this.received += 1;
    this.#onSent?.(this);
    setImmediate(() => {
      if (this.#isAlive) this.#receiver?.(copy as never);
    });
  }

  die(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    setImmediate(() => {
      this.#events.ended('it was killed');
    });
  }

  end(): Promise<void> {
    this.#isAlive = false;
    return Promise.resolve();
  }
}
