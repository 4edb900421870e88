import { startBroker } from '../../broker/index.ts';
import type { CommandRequest } from '../command.ts';
import { listenForShutdown } from '../run/shutdown.ts';

/** `millrace broker`: runs until it is stopped by a signal. */
export async function broker({ flags, terminal }: CommandRequest): Promise<number> {
  const dir = flags.text('dir');
  const host = flags.text('host', '127.0.0.1');
  const shutdown = listenForShutdown(terminal, 'Stopping.');
  const running = await startBroker({
    port: flags.count('port', { min: 0, max: 65_535 }, 9092),
    host,
    ...(flags.has('topics') ? { topics: flags.text('topics', '') } : {}),
    ...(dir === undefined ? {} : { dir }),
    log: (line) => {
      if (terminal.mode.verbose) terminal.note(line);
    },
  });
  const { bootstrap, port } = running;
  if (terminal.mode.json) terminal.event('start', { bootstrap, host, port, dir: dir ?? null });
  else {
    const kept = dir === undefined ? 'in memory: they end with it' : `in ${dir}`;
    terminal.result(`Kafka broker on ${bootstrap}; records are kept ${kept}. Ctrl-C ends it.`);
  }
  if (!['127.0.0.1', 'localhost', '::1'].includes(host)) {
    terminal.warn('It has no authentication: whoever reaches this address can read and write.');
  }
  try {
    await shutdown.requested;
  } finally {
    shutdown.close();
    await running.stop();
  }
  return 0;
}
