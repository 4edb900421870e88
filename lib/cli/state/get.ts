import { raise } from '../../kernel/errors.ts';
import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import type { TableName } from '../../store/state-store.ts';
import type { Flags } from '../flags.ts';
import { batchText, timeText } from '../output/amounts.ts';
import type { Terminal } from '../output/terminal.ts';
import { isSameKey } from './changes.ts';
import { findVersion } from './find-version.ts';
import { storedState } from './stored-state.ts';
import { chosenTables } from './tables.ts';
import { jsonValue, keysOf, keyText, valueText } from './value-text.ts';

interface Found {
  readonly table: TableName;
  readonly key: unknown;
  readonly stored: unknown;
}

/** Prints the value of a key; where it came from goes to standard error, so that a script has the value alone. */
export function getKey(moment: CheckpointMoment, text: string, flags: Flags, terminal: Terminal): void {
  const { record } = findVersion(moment, flags, 'batch');
  const found = lookUp(moment, record.version, chosenTables(moment, [record.version], flags), text);
  const [first, ...others] = found;
  if (first === undefined) {
    const operator = flags.text('operator');
    raise('CLI_STATE_KEY', {
      key: text,
      where: `${operator === undefined ? 'any step' : operator} in version ${record.version}`,
    });
  }
  const { table, key } = first;
  if (others.length > 0) {
    raise('CLI_STATE_KEY_AMBIGUOUS', {
      key: text,
      places: found.map((place) => `${keyText(place.key)} in ${place.table.operator} (${place.table.name})`).join(', '),
    });
  }
  const { value, touchedAt } = storedState(moment, table, first.stored);
  if (terminal.mode.json) {
    const { version, batchTime } = record;
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
    return;
  }
  const touched = touchedAt === undefined ? '' : `, last record at ${timeText(touchedAt)}`;
  const batch = batchText(record.batchTime, moment.program?.batchIntervalMs);
  terminal.note(`${table.operator} in version ${record.version}, batch ${batch}${touched}`);
  terminal.result(valueText(value));
}

function lookUp(moment: CheckpointMoment, version: number, tables: readonly TableName[], text: string): Found[] {
  const found: Found[] = [];
  for (const table of tables) {
    const stored = moment.tableAt<unknown, unknown>(version, table);
    for (const key of keysOf(text)) {
      const value = stored.get(key);
      const isKnown = found.some((place) => place.table === table && isSameKey(place.key, key));
      if (value !== undefined && !isKnown) found.push({ table, key, stored: value });
    }
  }
  return found;
}
