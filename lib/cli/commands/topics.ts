import { TopicAdmin } from '../../connectors/kafka/topic-admin.ts';
import { raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { connection } from '../kafka-connection.ts';
import { showTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';

/** `millrace topics list|create|delete|describe`. */
export async function topics({ words, flags, terminal }: CommandRequest): Promise<number> {
  const action = typeof words['action'] === 'string' ? words['action'] : 'list';
  const topic = typeof words['topic'] === 'string' ? words['topic'] : undefined;
  const partitions = flags.count('partitions', { min: 1, max: 10_000 }, 1);
  if (topic === undefined && action !== 'list') {
    raise('CLI_USAGE', { problem: `Name the topic to ${action}.`, command: 'topics ' });
  }
  const admin = new TopicAdmin(connection(flags.brokers('brokers', ['localhost:9092'])));
  try {
    if (topic === undefined || action === 'list') await list(admin, terminal);
    else if (action === 'describe') await describe(admin, topic, terminal);
    else if (action === 'create') check(await admin.create(topic, partitions), 'create');
    else check(await admin.delete(topic), 'delete');
    return 0;
  } finally {
    admin.close();
  }
}

async function list(admin: TopicAdmin, terminal: Terminal): Promise<void> {
  const found = await admin.list();
  if (terminal.mode.json) {
    for (const topic of found) process.stdout.write(`${JSON.stringify({ v: 1, type: 'topic', ...topic })}\n`);
  } else {
    process.stdout.write(
      showTable(
        ['topic', 'partitions'],
        found.map(({ name, partitions }) => [name, partitions]),
        0,
      ),
    );
  }
}

async function describe(admin: TopicAdmin, topic: string, terminal: Terminal): Promise<void> {
  const found = await admin.describe(topic);
  if (found === undefined) raise('CLI_TOPIC', { action: 'describe', topic, reason: 'there is none of this name' });
  if (terminal.mode.json) {
    process.stdout.write(`${JSON.stringify({ v: 1, type: 'topic', ...found })}\n`);
    return;
  }
  const rows = found.partitions.map(({ partition, leader, from, until }) => [
    partition,
    leader,
    from,
    until,
    until - from,
  ]);
  process.stdout.write(showTable(['partition', 'leader', 'from', 'until', 'records'], rows));
}

function check(
  { topic, reason }: { readonly topic: string; readonly reason: string | undefined },
  action: string,
): void {
  if (reason !== undefined) raise('CLI_TOPIC', { action, topic, reason: reason.replace(/\.$/u, '') });
}
