import { describe, expect, it, jest } from '@jest/globals';
import { Flags } from '../../../lib/cli/flags.ts';
import { Terminal } from '../../../lib/cli/output/terminal.ts';
import { changesBetween, isSameKey } from '../../../lib/cli/state/changes.ts';
import { findVersion, versionBefore } from '../../../lib/cli/state/find-version.ts';
import { storedState } from '../../../lib/cli/state/stored-state.ts';
import { listState } from '../../../lib/cli/state/list.ts';
import { chosenTables, compareNames } from '../../../lib/cli/state/tables.ts';
import { fakeMoment } from './fake-moment.ts';

const flags = (given: Readonly<Record<string, string>>): Flags => new Flags(given, {});

describe('findVersion', () => {
  const moment = fakeMoment([{}, {}, {}]);

  it.each([
    ['the newest, where none is named', {}, 3],
    ['one by its number', { batch: '2' }, 2],
    ['one by its batch time', { batch: '1000' }, 1],
    ['one by the time of another batch of it', { batch: '1500' }, 2],
  ])('takes %s', (_, given: Readonly<Record<string, string>>, version) => {
    expect(findVersion(moment, flags(given), 'batch').record.version).toBe(version);
  });

  it.each([
    [{ batch: '9' }, 'STATE_VERSION_NOT_RETAINED', 'Version 9 of the state is not there: 1 (batch 1000) to '],
    [{ batch: '-1' }, 'STATE_VERSION_NOT_RETAINED', 'to 3 (batch 3000) are retained'],
    [{ batch: 'old' }, 'CLI_OPTION', 'Option --batch cannot be old.'],
  ])('refuses %j', (given, code, text) => {
    expect(() => findVersion(moment, flags(given), 'batch')).toThrow(
      expect.objectContaining({ code, exitCode: 2, message: expect.stringContaining(text) }),
    );
  });

  it.each([[{}], [{ batch: '1' }]])('refuses %j of a checkpoint that has none yet', (given) => {
    const refused = expect.objectContaining({ code: 'CLI_STATE_NONE', exitCode: 2 });
    expect(() => findVersion(fakeMoment([]), flags(given), 'batch')).toThrow(refused);
  });

  it('goes one back, as far as there is one', () => {
    const [first, second] = moment.versions;
    if (first === undefined || second === undefined) throw new RangeError('no versions');
    expect(versionBefore(moment, second)).toBe(first);
    expect(() => versionBefore(moment, first)).toThrow(expect.objectContaining({ code: 'STATE_VERSION_NOT_RETAINED' }));
  });
});

it('lists names of steps and tables on lines of their own, whatever they are called', () => {
  const name = 'a\u001B[2J\nforged';
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const moment = fakeMoment(
      [{}, { [`${name}/${name}`]: [[1, new Uint8Array()]] }],
      [{ id: `${name}2`, partitions: 1 }],
    );
    const terminal = new Terminal({ json: false, quiet: true, verbose: false, noColor: true });
    listState(moment, flags({}), terminal);
    const shown = String.raw`a\u001b[2J\nforged`;
    const said = write.mock.calls.map(([text]) => String(text)).join('');
    expect(said).toBe(`${shown}\n    ${shown}, partition 0: 1 key, 0 B\n${shown}2\n    no keys\n`);
  } finally {
    write.mockRestore();
  }
});

describe('chosenTables', () => {
  const operators = [
    { id: 'sums', partitions: 1 },
    { id: 'idle', partitions: 1 },
    { id: 'counts', partitions: 1 },
  ];
  const now = { 'counts/state': [], 'counts/progress': [], 'sums/state': [], 'sums/slice-index': [] };
  const moment = fakeMoment([{ ...now, 'gone/state': [] }, now], operators);
  const names = (versions: readonly number[], given: Readonly<Record<string, string>>): string[] =>
    chosenTables(moment, versions, flags(given)).map(({ operator, name }) => `${operator}/${name}`);

  it.each<readonly [string, readonly number[], Readonly<Record<string, string>>, readonly string[]]>([
    ['those with state, in the order of the program', [2], {}, ['sums/state', 'counts/state']],
    ['those of one step', [2], { operator: 'sums' }, ['sums/state']],
    [
      'one by name, also where it only keeps progress',
      [2],
      { operator: 'counts', table: 'progress' },
      ['counts/progress'],
    ],
    ['those of a step that has none yet', [2], { operator: 'idle' }, []],
    ['those that one of two versions has', [2, 1], { operator: 'gone' }, ['gone/state']],
  ])('are %s', (_, versions, given, expected) => {
    expect(names(versions, given)).toEqual(expected);
  });

  it.each([
    [{ operator: 'summs' }, 'There is no step summs in the checkpoint. Did you mean sums?'],
    [{ operator: 'elsewhere' }, 'There are: sums, idle, counts.'],
    [{ operator: 'sums', table: 'stat' }, 'There is no table stat in the checkpoint. Did you mean state?'],
  ])('refuse %j', (given, text) => {
    expect(() => names([2], given)).toThrow(
      expect.objectContaining({ code: 'CLI_STATE_NAME', exitCode: 2, message: expect.stringContaining(text) }),
    );
  });
});

it('names the tables of a step from its state to its bookkeeping', () => {
  const names = ['progress', 'slices', 'expiry', 'left-rows', 'state'];
  expect(names.toSorted(compareNames)).toEqual(['state', 'left-rows', 'slices', 'expiry', 'progress']);
});

describe('changesBetween', () => {
  it('tells keys that came, went and changed, and values apart by what is stored', () => {
    const before = new Map<unknown, unknown>([
      ['same', { a: 1 }],
      ['went', 1],
      ['changed', 1],
      ['kind', 1],
    ]);
    const after = new Map<unknown, unknown>([
      ['same', { a: 1 }],
      ['changed', 2],
      ['kind', '1'],
      ['came', null],
    ]);
    expect([...changesBetween(before, after)]).toEqual([
      { change: 'changed', key: 'changed', from: 1, to: 2 },
      { change: 'changed', key: 'kind', from: 1, to: '1' },
      { change: 'added', key: 'came', to: null },
      { change: 'removed', key: 'went', from: 1 },
    ]);
  });

  it('knows keys that are the same to a table', () => {
    expect([isSameKey({ a: 1, b: 2 }, { b: 2, a: 1 }), isSameKey(0, -0), isSameKey('1', 1)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('storedState', () => {
  const operators = [
    { id: 'seen', partitions: 1, kind: 'map-with-state' },
    { id: 'sums', partitions: 1, kind: 'update-state-by-key' },
  ];

  it.each([
    [
      'takes the state of mapWithState from beside its time',
      'seen',
      [{ n: 1 }, 5000],
      { value: { n: 1 }, touchedAt: 5000 },
    ],
    ['leaves out the time where there is no timeout', 'seen', [7, 0], { value: 7 }],
    ['leaves a list of another step alone', 'sums', [7, 5000], { value: [7, 5000] }],
  ])('%s', (_, operator, stored, expected) => {
    expect(storedState(fakeMoment([{}], operators), { operator, name: 'state', partition: 0 }, stored)).toEqual(
      expected,
    );
  });
});
