import { resolve } from 'node:path';
import { openReadOnly } from '../../lmdb/open-read-only.ts';
import { raise } from '../../kernel/errors.ts';
import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import { why as answer } from '../../structured/query/why.ts';
import type { WhyView } from '../../structured/query/why-facts.ts';
import type { RecordTracer } from '../../structured/query/why-record.ts';
import type { WhyQuestion } from '../../structured/query/why-target.ts';
import { timeZone } from '../../structured/types/time-zone.ts';
import type { CommandRequest } from '../command.ts';
import { planProgram } from '../explain/plan-program.ts';
import { refuse } from '../flags.ts';
import { locateProgram } from '../run/load-program.ts';

/** `millrace why DIR [QUESTION]`: reads only, beside the program that owns the directory or without it. */
export async function why({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const zoneName = flags.text('timezone') ?? 'UTC';
  const zone =
    timeZone(zoneName) ?? raise('CLI_USAGE', { problem: `There is no time zone ${zoneName}.`, command: 'why ' });
  const directory = String(words['dir']);
  const question = questionOf(words['question'], flags.text('key'));
  const view = openReadOnly(directory);
  try {
    const result = await answer(
      {
        moments: { read: (body) => view.read((moment) => body(viewOf(moment))) },
        zone,
        trace: await tracerOf({ directory, rest, flags }),
      },
      question,
    );
    if (terminal.mode.json) process.stdout.write(`${JSON.stringify({ v: 1, type: 'why', ...result })}\n`);
    else terminal.result(result.text);
    return 0;
  } finally {
    await view.close();
  }
}

function questionOf(asked: unknown, keyText: string | undefined): WhyQuestion {
  const window = asked === undefined ? undefined : `${asked as string | number}`;
  if (keyText !== undefined) return { key: keyOf(keyText), ...(window === undefined ? {} : { window }) };
  return window ?? raise('CLI_USAGE', { problem: 'Give a time, a window, a record or --key.', command: 'why ' });
}

function keyOf(text: string): Readonly<Record<string, unknown>> {
  const expected = `a JSON object such as '{"user":"ann"}'`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse('key', text, expected);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse('key', text, expected);
  return parsed as Readonly<Record<string, unknown>>;
}

/** What the program of the checkpoint does with a record; nothing of it is started. */
async function tracerOf({
  directory,
  rest,
  flags,
}: Pick<CommandRequest, 'rest' | 'flags'> & { readonly directory: string }): Promise<RecordTracer | undefined> {
  const path = flags.text('program');
  if (path === undefined) return undefined;
  const { queries } = await planProgram(path, locateProgram(path), {
    brokers: flags.brokers('brokers', ['localhost:9092']),
    intervalMs: 1000,
    checkpoint: flags.text('checkpoint', directory),
    args: rest,
  });
  const own = queries.find(({ checkpoint }) => checkpoint !== undefined && resolve(checkpoint) === resolve(directory));
  const known = queries.map(({ name, checkpoint }) => `${name ?? 'one without a name'} (${checkpoint ?? 'none'})`);
  return (
    own?.trace ?? raise('WHY_PROGRAM_QUERY', { path, directory, known: known.join(', ') || 'no structured query' })
  );
}

function viewOf(moment: CheckpointMoment): WhyView {
  const { versions } = moment;
  const last = versions.at(-1)?.record.version;
  return {
    program: moment.program,
    commits: versions.map(({ record }) => record),
    plans: versions.flatMap(({ plans }) => plans),
    table: (operator, name, version = last) =>
      version === undefined ? new Map() : moment.tableAt(version, { operator, name, partition: 0 }),
  };
}
