import { parentPort, workerData } from 'node:worker_threads';
import { loadKafkajs } from './kafkajs.ts';
import { ReadAhead } from './read-ahead.ts';
import type { ReaderOptions, ToReader } from './read-protocol.ts';

// The entry of the reading thread: everything it does is in ReadAhead.
if (parentPort !== null) {
  const port = parentPort;
  // Loaded before the first order comes.
  loadKafkajs();
  const reader = new ReadAhead(workerData as ReaderOptions, (message, buffers) => {
    port.postMessage(message, buffers);
  });
  port.on('message', (message: ToReader) => {
    reader.handle(message);
    if (message.kind === 'close') port.close();
  });
}
