import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf, raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { paced } from '../pace.ts';
import { openProducer, type SentRecord } from '../send-records.ts';
import { listenForShutdown } from '../run/shutdown.ts';

interface LineFormat {
  /** A field of a JSON line, or the sign between key and value. */
  readonly key: string | undefined;
  /** A field of a JSON line. */
  readonly timestamp: string | undefined;
}

/** `millrace produce <topic>`: one record for each line, acknowledged before the command ends. */
export async function produce({ words, flags, terminal }: CommandRequest): Promise<number> {
  const topic = String(words['topic']);
  const format = { key: flags.text('key'), timestamp: flags.text('timestamp') };
  const rate = flags.rate('rate');
  const file = flags.text('file');
  const brokers = flags.brokers('brokers', ['localhost:9092']);
  const sink = openProducer(topic, brokers, (text) => {
    terminal.warn(text);
  });
  const shutdown = listenForShutdown(terminal, 'Stopping.');
  const stop = new AbortController();
  void shutdown.requested.then(() => stop.abort());
  let sent = 0;
  try {
    for await (const slice of paced(records(file, format), rate, stop.signal)) {
      await sink.write({ batchTime: sent, operation: 'produce', attempt: 1 }, slice);
      sent += slice.length;
      terminal.status(`${sent} records sent to ${topic}`);
    }
  } finally {
    shutdown.close();
    await sink.close();
  }
  if (terminal.mode.json) process.stdout.write(`${JSON.stringify({ v: 1, type: 'stop', topic, records: sent })}\n`);
  else terminal.note(`${sent} ${sent === 1 ? 'record' : 'records'} sent to ${topic}.`);
  return 0;
}

async function* records(file: string | undefined, format: LineFormat): AsyncGenerator<SentRecord> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', reject);
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let number = 0;
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failed]);
      if (next.done === true) return;
      number += 1;
      yield recordOf(next.value, number, format);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    raise('CLI_FILE', { action: 'read', path: file ?? 'standard input', problem: messageOf(error) }, { cause: error });
  }
}

/** What a line becomes. The line stays the value as it is, except that a separator takes the key off it. */
export function recordOf(line: string, number: number, { key, timestamp }: LineFormat): SentRecord {
  const isSeparator = key !== undefined && !/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(key);
  const at = isSeparator ? line.indexOf(key) : -1;
  const split = at < 0 ? { value: line } : { key: line.slice(0, at), value: line.slice(at + (key?.length ?? 0)) };
  if ((key === undefined || isSeparator) && timestamp === undefined) return split;
  const object = parse(split.value, number);
  return {
    ...split,
    ...(key === undefined || isSeparator ? {} : { key: text(field(object, key, number)) }),
    ...(timestamp === undefined ? {} : { timestamp: time(field(object, timestamp, number), timestamp, number) }),
  };
}

function parse(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    raise('CLI_RECORD', { line: number, problem: messageOf(error) }, { cause: error });
  }
  return raise('CLI_RECORD', { line: number, problem: 'it is no JSON object' });
}

function field(object: Readonly<Record<string, unknown>>, name: string, number: number): unknown {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value ?? raise('CLI_RECORD', { line: number, problem: `it has no field ${name}` });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function time(value: unknown, name: string, number: number): number {
  const ms = typeof value === 'number' ? value : Date.parse(text(value));
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  return raise('CLI_RECORD', { line: number, problem: `field ${name} is neither milliseconds nor an ISO time` });
}
