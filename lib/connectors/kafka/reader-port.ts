import { Worker } from 'node:worker_threads';
import { entryUrl, isBuilt } from '../../kernel/entry.ts';
import { failure, messageOf, type MillraceError } from '../../kernel/errors.ts';
import { received } from './packed-block.ts';
import { ReadAhead } from './read-ahead.ts';
import type { FromReader, ReaderOptions, ToReader } from './read-protocol.ts';

/** The line to whoever reads ahead: a thread of its own, or the same thread. */
export interface ReaderPort {
  post(message: ToReader): void;
  close(): Promise<void>;
}

export interface ReaderEvents {
  message(message: FromReader): void;
  /** The thread ended on its own; no message will follow. */
  ended(reason: MillraceError): void;
}

/**
 * Starts the reader. Settings that cannot be sent to a thread (functions in `ssl` or `sasl`) read in this one, and say so.
 */
export function openReader(options: ReaderOptions, events: ReaderEvents, warn: (text: string) => void): ReaderPort {
  if (!isBuilt) return openInline(options, events);
  try {
    structuredClone(options);
  } catch (error) {
    warn(`Kafka: reading without a thread of its own, because the options hold functions (${messageOf(error)})`);
    return openInline(options, events);
  }
  return openThread(options, events);
}

function openThread(options: ReaderOptions, events: ReaderEvents): ReaderPort {
  const worker = new Worker(entryUrl('connectors/kafka/fetch-worker'), {
    workerData: options,
    name: 'kafka-reader',
    // Node refuses a file where `--input-type` says what a text is that was typed in.
    ...(process.execArgv.some((option) => option.startsWith('--input-type')) ? { execArgv: [] } : {}),
  });
  let isClosing = false;
  worker.on('message', (message: FromReader) => {
    events.message(message.kind === 'block' ? { ...message, block: received(message.block) } : message);
  });
  worker.on('error', (error) => {
    if (!isClosing) events.ended(failure('KAFKA_READER_ENDED', { reason: messageOf(error) }, { cause: error }));
  });
  worker.on('exit', (status) => {
    if (!isClosing) events.ended(failure('KAFKA_READER_ENDED', { reason: `exit status ${status}` }));
  });
  return {
    post: (message) => {
      worker.postMessage(message, message.kind === 'credit' ? [...message.memory] : []);
    },
    close: async () => {
      isClosing = true;
      worker.postMessage({ kind: 'close' } satisfies ToReader);
      await worker.terminate();
    },
  };
}

function openInline(options: ReaderOptions, events: ReaderEvents): ReaderPort {
  let isClosing = false;
  const reader = new ReadAhead(options, (message) => {
    if (!isClosing) events.message(message);
  });
  return {
    post: (message) => {
      reader.handle(message);
    },
    close: async () => {
      isClosing = true;
      reader.handle({ kind: 'close' });
      await Promise.resolve();
    },
  };
}
