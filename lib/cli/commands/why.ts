import { openReadOnly } from '../../lmdb/open-read-only.ts';
import { raise } from '../../kernel/errors.ts';
import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import { why as answer, type WhyView } from '../../structured/query/why.ts';
import { whyTarget } from '../../structured/query/why-target.ts';
import { timeZone } from '../../structured/types/time-zone.ts';
import type { CommandRequest } from '../command.ts';

/** `millrace why DIR WINDOW|RECORD`: reads only, beside the program that owns the directory or without it. */
export async function why({ words, flags, terminal }: CommandRequest): Promise<number> {
  const zoneName = flags.text('timezone') ?? 'UTC';
  const zone =
    timeZone(zoneName) ?? raise('CLI_USAGE', { problem: `There is no time zone ${zoneName}.`, command: 'why ' });
  const target = whyTarget(String(words['question']), zone);
  const view = openReadOnly(String(words['dir']));
  try {
    const result = view.read((moment) => answer(viewOf(moment), target));
    if (terminal.mode.json) process.stdout.write(`${JSON.stringify({ v: 1, type: 'why', ...result })}\n`);
    else terminal.result(result.text);
    return 0;
  } finally {
    await view.close();
  }
}

function viewOf(moment: CheckpointMoment): WhyView {
  const commits = moment.versions.map(({ record }) => record);
  return {
    program: moment.program,
    commits,
    table(operator, name) {
      const version = commits.at(-1)?.version;
      return version === undefined ? new Map() : moment.tableAt(version, { operator, name, partition: 0 });
    },
  };
}
