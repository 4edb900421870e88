import type { CheckpointMoment, CommittedVersion } from '../../store/checkpoint-view.ts';
import type { TableName } from '../../store/state-store.ts';
import type { Flags } from '../flags.ts';
import { batchText, bytesText, countText } from '../output/amounts.ts';
import { plainLine } from '../output/plain-text.ts';
import { rowText, type Terminal } from '../output/terminal.ts';
import { findVersion } from './find-version.ts';
import { storedState } from './stored-state.ts';
import { chosenTables } from './tables.ts';
import { jsonValue, keyText, valueText } from './value-text.ts';

/** Lists the steps and their tables, or with `--operator` the keys of one step. */
export function listState(moment: CheckpointMoment, flags: Flags, terminal: Terminal): void {
  const limit = flags.count('limit', { min: 1 }, 50);
  const at = findVersion(moment, flags, 'batch');
  const tables = chosenTables(moment, [at.record.version], flags);
  if (flags.has('operator')) listKeys(moment, at, tables, limit, terminal);
  else listTables(moment, at, tables, terminal);
}

function listTables(
  moment: CheckpointMoment,
  { record }: CommittedVersion,
  tables: readonly TableName[],
  terminal: Terminal,
): void {
  const { version, batchTime } = record;
  if (!terminal.mode.json)
    terminal.note(`Version ${version}, batch ${batchText(batchTime, moment.program?.batchIntervalMs)}`);
  let last: string | undefined;
  for (const table of tables) {
    const { operator, name, partition } = table;
    const { rows, sizeBytes } = moment.sizeAt(version, table);
    if (terminal.mode.json) {
      const line = { v: 1, type: 'table', version, batchTime, operator, table: name, partition, rows, sizeBytes };
      process.stdout.write(`${JSON.stringify(line)}\n`);
      continue;
    }
    if (operator !== last) terminal.result(plainLine(operator));
    last = operator;
    const size = `${countText(rows, 'key')}, ${bytesText(sizeBytes)}`;
    terminal.result(`    ${plainLine(name)}, partition ${partition}: ${size}`);
  }
  if (terminal.mode.json) return;
  const idle = (moment.program?.operators ?? []).filter(({ id }) => tables.every(({ operator }) => operator !== id));
  for (const { id } of idle) terminal.result(`${plainLine(id)}\n    no keys`);
  if (tables.length === 0 && idle.length === 0) terminal.result('No step keeps state.');
}

function listKeys(
  moment: CheckpointMoment,
  { record }: CommittedVersion,
  tables: readonly TableName[],
  limit: number,
  terminal: Terminal,
): void {
  const { version, batchTime } = record;
  if (!terminal.mode.json)
    terminal.note(`Version ${version}, batch ${batchText(batchTime, moment.program?.batchIntervalMs)}`);
  let shown = 0;
  let left = 0;
  for (const table of tables) {
    const stored = moment.tableAt<unknown, unknown>(version, table);
    for (const [key, bytes] of stored.entries()) {
      if (shown === limit) break;
      shown += 1;
      const { value, touchedAt } = storedState(moment, table, bytes);
      if (terminal.mode.json) {
        const { operator, name, partition } = table;
        const entry = {
          version,
          batchTime,
          operator,
          table: name,
          partition,
          key: jsonValue(key),
          value: jsonValue(value),
        };
        const line = { v: 1, type: 'entry', ...entry, ...(touchedAt === undefined ? {} : { touchedAt }) };
        process.stdout.write(`${JSON.stringify(line)}\n`);
      } else terminal.result(rowText([keyText(key), valueText(value)], process.stdout));
    }
    left += stored.size;
  }
  left -= shown;
  if (left > 0) terminal.note(`${countText(left, 'more key')}; --limit shows more.`);
}
