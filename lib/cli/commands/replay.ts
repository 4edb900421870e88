import { resolve } from 'node:path';
import { raise } from '../../kernel/errors.ts';
import { type CheckpointView, openReadOnly } from '../../lmdb/open-read-only.ts';
import type { CommandRequest } from '../command.ts';
import { batchText, countText } from '../output/amounts.ts';
import { rowText, type Terminal } from '../output/terminal.ts';
import { type Comparison, compareStates, type Difference } from '../replay/compare-states.ts';
import { replayableVersion, rewound } from '../replay/rewound-store.ts';
import { runOnce } from '../replay/run-once.ts';
import { locateProgram } from '../run/load-program.ts';
import { loadSetup } from '../run/load-setup.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';
import { jsonValue, keyText, valueText } from '../state/value-text.ts';

/** `millrace replay DIR --batch N --program P`: status 0 when the batch gives the same again, 5 when not. */
export async function replay({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const directory = String(words['dir']);
  const batch = flags.count('batch', { min: 0 });
  const path = flags.text('program');
  if (batch === undefined || path === undefined) {
    raise('CLI_USAGE', {
      problem: `Name ${batch === undefined ? 'the batch with --batch' : 'the program with --program'}.`,
      command: 'replay ',
    });
  }
  const limit = flags.count('limit', { min: 1 }, 50);
  const file = locateProgram(path);
  const view = openReadOnly(directory);
  try {
    const { version, intervalMs, last } = view.read((moment) => {
      const found = replayableVersion(moment, batch);
      return {
        version: found.record.version,
        last: found.record.batchTime,
        intervalMs: moment.program?.batchIntervalMs ?? 0,
      };
    });
    const copy = temporaryFolder('replay');
    await view.copyTo(copy);
    const timeoutMs = flags.duration('batch-timeout', '60s');
    const setup = await loadSetup({ path, file, command: 'replay', timeoutMs });
    terminal.note(
      `Running batch ${batchText(batch, intervalMs)} again, from version ${version - 1}${flags.isOn('write') ? '' : '; output operations and sinks get nothing'}.`,
    );
    await runOnce({
      path,
      setup,
      directory,
      checkpointDir: resolve(flags.text('checkpoint', directory)),
      env: {
        brokers: flags.brokers('brokers', ['localhost:9092']),
        batchInterval: flags.has('interval') ? flags.duration('interval', '1s') : intervalMs || 1000,
        args: rest,
      },
      last,
      openCheckpoint: rewound(directory, copy, version - 1),
      hasEffects: flags.isOn('write'),
      timeoutMs,
    });
    const comparison = await compareCopy(view, copy, { version, last });
    report(comparison, { batch, version, limit }, terminal);
    return comparison.differences.length + comparison.offsets.length === 0 ? 0 : 5;
  } finally {
    await view.close();
  }
}

/** Compares what the batch left in the copy with what was committed, when it did complete. */
async function compareCopy(
  view: CheckpointView,
  copy: string,
  { version, last }: { readonly version: number; readonly last: number },
): Promise<Comparison> {
  const again = openReadOnly(copy);
  try {
    return view.read((moment) =>
      again.read((now) => {
        const committed = moment.versions.find(({ record }) => record.version === version);
        const done = now.versions.at(-1);
        if (committed === undefined || done?.record.batchTime !== last) {
          const hint = 'Its source may not have its records any more.';
          return raise('CLI_REPLAY_BATCH', { batch: last, reason: 'it did not complete', hint });
        }
        return compareStates({ moment, record: committed.record }, { moment: now, record: done.record });
      }),
    );
  } finally {
    await again.close();
  }
}

function report(
  { keys, differences, offsets }: Comparison,
  { batch, version, limit }: { readonly batch: number; readonly version: number; readonly limit: number },
  terminal: Terminal,
): void {
  if (terminal.mode.json) {
    for (const difference of differences) process.stdout.write(`${JSON.stringify(asJson(difference))}\n`);
    for (const offset of offsets)
      process.stdout.write(`${JSON.stringify({ v: 1, type: 'difference', kind: 'offset', ...offset })}\n`);
    const line = { v: 1, type: 'replay', batch, version, keys, differences: differences.length + offsets.length };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  let heading: string | undefined;
  for (const { table, key, ...values } of differences.slice(0, limit)) {
    const next = table.name === 'state' ? table.operator : `${table.operator} (${table.name})`;
    if (next !== heading) terminal.result(next);
    heading = next;
    const [committed, again] = [
      'from' in values ? valueText(values.from) : 'nothing',
      'to' in values ? valueText(values.to) : 'nothing',
    ];
    terminal.result(rowText([`  ${keyText(key)}`, `committed ${committed}, again ${again}`], process.stdout));
  }
  if (differences.length > limit)
    terminal.note(`${countText(differences.length - limit, 'more difference')}; --limit shows more.`);
  for (const { partition, committed, again } of offsets) {
    terminal.result(
      rowText([partition, `committed ${committed ?? 'nothing'}, again ${again ?? 'nothing'}`], process.stdout),
    );
  }
  const total = differences.length + offsets.length;
  terminal.result(
    total === 0
      ? `The same again: ${countText(keys, 'key')} of state and every position.`
      : `${countText(total, 'difference')} to what was committed.`,
  );
}

function asJson({ table, change, key, ...values }: Difference): object {
  const { operator, name, partition } = table;
  return {
    v: 1,
    type: 'difference',
    kind: 'state',
    change,
    operator,
    table: name,
    partition,
    key: jsonValue(key),
    ...('from' in values ? { committed: jsonValue(values.from) } : {}),
    ...('to' in values ? { again: jsonValue(values.to) } : {}),
  };
}
