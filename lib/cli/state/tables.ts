import { raise } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import type { TableName } from '../../store/state-store.ts';
import type { Flags } from '../flags.ts';

/** Tables in which a step keeps how far it is; shown where they are asked for by name. */
const bookkeeping: ReadonlySet<string> = new Set(['progress', 'slice-index', 'expiry', 'expiry-index']);

/** The tables of some versions that `--operator` and `--table` leave, in the order of the program. Names that match nothing are refused. */
export function chosenTables(
  moment: CheckpointMoment,
  versions: readonly number[],
  flags: Flags,
): readonly TableName[] {
  const all = [
    ...new Map(
      versions.flatMap((version) =>
        moment
          .tablesAt(version)
          .map((table) => [[table.operator, table.name, table.partition].join('\0'), table] as const),
      ),
    ).values(),
  ];
  const operator = flags.text('operator');
  const name = flags.text('table');
  const known = [
    ...new Set([...(moment.program?.operators ?? []).map(({ id }) => id), ...all.map((table) => table.operator)]),
  ];
  if (operator !== undefined) refuseUnknown('step', operator, known);
  const ofOperator = all.filter((table) => operator === undefined || table.operator === operator);
  if (name !== undefined) refuseUnknown('table', name, [...new Set(ofOperator.map((table) => table.name))]);
  return ofOperator
    .filter((table) => (name === undefined ? !bookkeeping.has(table.name) : table.name === name))
    .toSorted(
      (a, b) =>
        known.indexOf(a.operator) - known.indexOf(b.operator) ||
        compareNames(a.name, b.name) ||
        a.partition - b.partition,
    );
}

/** The order of the tables of a step: what it keeps for its keys before what it keeps for itself. */
export function compareNames(a: string, b: string): number {
  const ranks = [a, b].map((name) => (name === 'state' ? 0 : bookkeeping.has(name) ? 2 : 1));
  return (ranks[0] ?? 0) - (ranks[1] ?? 0) || (a === b ? 0 : a < b ? -1 : 1);
}

function refuseUnknown(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const meant = nearest(name, known);
  raise('CLI_STATE_NAME', {
    what,
    name,
    suggestion: meant === undefined ? `There are: ${known.join(', ') || 'none'}.` : `Did you mean ${meant}?`,
  });
}
