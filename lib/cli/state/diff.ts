import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import type { TableName } from '../../store/state-store.ts';
import type { Flags } from '../flags.ts';
import { batchText, countText } from '../output/amounts.ts';
import { plainLine } from '../output/plain-text.ts';
import { rowText, type Terminal } from '../output/terminal.ts';
import { changesBetween, type KeyChange } from './changes.ts';
import { findVersion, versionBefore } from './find-version.ts';
import { storedState } from './stored-state.ts';
import { chosenTables } from './tables.ts';
import { jsonValue, keyText, valueText } from './value-text.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** Prints the keys that were added, removed or changed between two versions, step by step. */
export function diffState(moment: CheckpointMoment, flags: Flags, terminal: Terminal): void {
  const limit = flags.count('limit', { min: 1 }, 50);
  const to = findVersion(moment, flags, 'to');
  const from = flags.has('from') ? findVersion(moment, flags, 'from') : versionBefore(moment, to);
  const versions = { from: from.record.version, to: to.record.version };
  if (!terminal.mode.json) {
    const [first, last] = [from, to].map(({ record }) => batchText(record.batchTime, moment.program?.batchIntervalMs));
    terminal.note(`From version ${versions.from} (batch ${first}) to ${versions.to} (batch ${last})`);
  }
  const counts = { added: 0, removed: 0, changed: 0 };
  let hidden = 0;
  let heading: string | undefined;
  for (const table of chosenTables(moment, [versions.to, versions.from], flags)) {
    const before = moment.tableAt<unknown, unknown>(versions.from, table);
    const after = moment.tableAt<unknown, unknown>(versions.to, table);
    let shown = 0;
    for (const change of changesBetween(before, after)) {
      counts[change.change] += 1;
      if (shown === limit) {
        hidden += 1;
        continue;
      }
      if (headingOf(table) !== heading && !terminal.mode.json) terminal.result(headingOf(table));
      heading = headingOf(table);
      shown += 1;
      print(moment, table, change, versions, terminal);
    }
  }
  if (hidden > 0) terminal.note(`${countText(hidden, 'more change')}; --limit shows more.`);
  if (terminal.mode.json) {
    process.stdout.write(`${JSON.stringify({ v: 1, type: 'diff', ...versions, ...counts })}\n`);
    return;
  }
  terminal.result(`${counts.added} added, ${counts.removed} removed, ${counts.changed} changed`);
}

function print(
  moment: CheckpointMoment,
  table: TableName,
  { change, key, ...values }: KeyChange,
  versions: { readonly from: number; readonly to: number },
  terminal: Terminal,
): void {
  const [from, to] = ['from' in values, 'to' in values].map((has, i) =>
    has ? storedState(moment, table, i === 0 ? values.from : values.to).value : undefined,
  );
  if (terminal.mode.json) {
    const { operator, name, partition } = table;
    const line = {
      v: 1,
      type: 'change',
      change,
      versions,
      operator,
      table: name,
      partition,
      key: jsonValue(key),
      ...(change === 'added' ? {} : { from: jsonValue(from) }),
      ...(change === 'removed' ? {} : { to: jsonValue(to) }),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const texts = [...(change === 'added' ? [] : [valueText(from)]), ...(change === 'removed' ? [] : [valueText(to)])];
  terminal.result(rowText([`  ${signs[change]} ${keyText(key)}`, texts.join(' -> ')], process.stdout));
}

function headingOf({ operator, name }: TableName): string {
  return plainLine(name === 'state' ? operator : `${operator} (${name})`);
}
