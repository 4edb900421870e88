import type { CommandRequest } from '../command.ts';
import { type Flags, refuse } from '../flags.ts';
import type { Terminal } from '../output/terminal.ts';
import { openTopic, type PrintedRecord, type Reading, readTopic } from '../read-topic.ts';
import { listenForShutdown } from '../run/shutdown.ts';

/** `millrace consume <topic>`: no consumer group is left behind. */
export async function consume({ words, flags, terminal }: CommandRequest): Promise<number> {
  const reading: Reading = {
    from: startOf(flags),
    max: flags.count('max', { min: 1 }, Number.POSITIVE_INFINITY),
    untilEnd: flags.isOn('until-end'),
  };
  const brokers = flags.brokers('brokers', ['localhost:9092']);
  const source = openTopic(String(words['topic']), brokers, (text) => {
    terminal.warn(text);
  });
  const shutdown = listenForShutdown(terminal, 'Stopping.');
  try {
    const ended = readTopic(source, reading, (record) => {
      printRecord(record, terminal);
    });
    // After a signal its failure is of no interest: the source is closed under it.
    ended.catch(() => undefined);
    await Promise.race([ended, shutdown.requested]);
    return 0;
  } finally {
    shutdown.close();
    await source.close();
  }
}

/** The value, after key and tab where there is a key; with `--json` everything. */
export function printRecord(record: PrintedRecord, terminal: Terminal): void {
  const { key, value, headers } = record;
  if (terminal.mode.json) {
    const texts = Object.entries(headers).map(([name, header]) => [name, header === null ? null : String(header)]);
    const line = {
      v: 1,
      type: 'record',
      ...record,
      headers: Object.fromEntries(texts) as Record<string, string | null>,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } else {
    process.stdout.write(`${key === null ? '' : `${key}\t`}${value ?? ''}\n`);
  }
}

function startOf(flags: Flags): Reading['from'] {
  const text = flags.text('from', 'earliest');
  if (text === 'earliest' || text === 'latest') return text;
  return /^\d+$/u.test(text) ? Number(text) : refuse('from', text, 'earliest, latest or an offset');
}
