import { startBroker } from '../../broker/index.ts';
import { connection } from '../kafka-connection.ts';
import { TopicAdmin } from '../../connectors/kafka/topic-admin.ts';
import type { CommandRequest } from '../command.ts';
import { openDemoFolder } from '../demo/demo-folder.ts';
import { demoProgram, demoTopic } from '../demo/demo-program.ts';
import { demoTables } from '../demo/demo-tables.ts';
import { asRecord, shopEvents } from '../demo/shop-events.ts';
import { readUi } from '../monitor/live-page.ts';
import type { Terminal } from '../output/terminal.ts';
import { paced } from '../pace.ts';
import { readLimits } from '../run/run-options.ts';
import { runProgram } from '../run/run-program.ts';
import { openProducer } from '../send-records.ts';

const partitions = 3;
/** A demo that runs for days keeps its folder below about 200 MB. */
const retentionBytes = 64 << 20;

/** `millrace demo`: a broker, a shop and a stream program in one process, and one folder that holds all they know. */
export async function demo({ flags, terminal }: CommandRequest): Promise<number> {
  const ui = readUi(flags);
  const options = {
    ...(ui === undefined ? {} : { ui }),
    dashboard: flags.isOn('dashboard'),
    intervalMs: flags.duration('interval', '1s'),
    limits: readLimits(flags),
    batchTimeoutMs: flags.duration('batch-timeout', '60s'),
    args: [],
  };
  const rate = flags.rate('rate', 200);
  const folder = openDemoFolder(flags.text('dir'), flags.isOn('reset'));
  const broker = await startBroker({ dir: folder.broker, topics: { [demoTopic]: partitions }, retentionBytes });
  const brokers = [broker.bootstrap];
  const stop = new AbortController();
  let generating: Promise<void> | undefined;
  try {
    const earlier = await eventsIn(brokers);
    terminal.note(
      folder.isKnown
        ? `Going on where the last demo ended, after ${earlier.toLocaleString('en-US')} events; --reset begins anew. Folder: ${folder.path}`
        : `Events, offsets and totals are kept in ${folder.path}: a second start goes on from there.`,
    );
    terminal.note(
      `Kafka broker on ${broker.bootstrap}, topic ${demoTopic}, ${rate} events a second. Ctrl-C ends the demo.`,
    );
    const setup = demoProgram(demoTables(terminal));
    generating = generate(brokers, rate, stop.signal, terminal);
    generating.catch(() => undefined);
    const program = { path: 'demo', load: async () => await Promise.resolve({ default: setup }) };
    const running = runProgram(program, { ...options, brokers, checkpoint: folder.checkpoint }, terminal);
    // The shop ends only by a fault: then the demo has nothing more to show.
    const status = await Promise.race([running, generating.then(async () => await running)]);
    terminal.endStatus();
    terminal.note(
      `Start it again to go on from here: millrace demo${flags.has('dir') ? ` --dir ${flags.text('dir', '')}` : ''}`,
    );
    return status;
  } finally {
    stop.abort();
    await generating?.catch(() => undefined);
    await broker.stop();
  }
}

async function generate(brokers: string[], rate: number, signal: AbortSignal, terminal: Terminal): Promise<void> {
  const producer = openProducer(demoTopic, brokers, (text) => {
    terminal.warn(text);
  });
  let slices = 0;
  try {
    for await (const slice of paced(shopEvents(Date.now), rate, signal)) {
      await producer.write({ batchTime: slices, operation: 'demo', attempt: 1 }, slice.map(asRecord));
      slices += 1;
    }
  } finally {
    await producer.close();
  }
}

async function eventsIn(brokers: string[]): Promise<number> {
  const admin = new TopicAdmin(connection(brokers));
  try {
    const topic = await admin.describe(demoTopic);
    return (topic?.partitions ?? []).reduce((sum, { until }) => sum + until, 0);
  } finally {
    admin.close();
  }
}
