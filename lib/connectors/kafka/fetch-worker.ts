import { parentPort, workerData } from 'node:worker_threads';
import { checksums } from './packages.ts';
import { ReadAhead } from './read-ahead.ts';
import type { ReaderOptions, ToReader } from './read-protocol.ts';

// The entry of the reading thread: everything it does is in ReadAhead.
if (parentPort !== null) {
  const port = parentPort;
  const reader = new ReadAhead(workerData as ReaderOptions, (message, buffers) => {
    port.postMessage(message, buffers);
  });
  // Both before the first order comes: the connection, and native code.
  reader.connect();
  checksums();
  port.on('message', (message: ToReader) => {
    reader.handle(message);
    if (message.kind === 'close') port.close();
  });
}
