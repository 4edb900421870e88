import type { StateEntries, StateTableFacts, StateVersionFacts } from '../../state-facts.ts';
import { getJson } from '../api.ts';
import { el, morph } from '../element.ts';
import { bytes, count, moment } from '../format.ts';
import { table } from '../table.ts';
import { keyOf, stateIdOf, type Subject, type View } from '../view.ts';

interface Versions {
  readonly versions: readonly StateVersionFacts[];
  readonly sizeOnDisk?: number;
}

interface Found {
  readonly versions: Versions;
  readonly tables: readonly StateTableFacts[];
  readonly entries: StateEntries | undefined;
}

/** What is in the state, by version and key. Read when it is asked for, never by itself: reading takes the program's time. */
export class StateView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });
  #subject: Subject | undefined;
  #key = '';
  #versions: Versions = { versions: [] };
  #tables: readonly StateTableFacts[] = [];
  #entries: StateEntries | undefined;
  /** undefined: the newest, whatever that is. */
  #version: number | undefined;
  #table = 0;
  #find = '';
  #problem = '';
  /** How often was loaded: an answer that another choice has overtaken is left out. */
  #loads = 0;

  show(subject: Subject): void {
    const isOther = keyOf(subject) !== this.#key;
    this.#subject = subject;
    if (!isOther) return;
    this.#key = keyOf(subject);
    [this.#version, this.#table, this.#find, this.#entries] = [undefined, 0, '', undefined];
    void this.#load();
  }

  async #load(): Promise<void> {
    const subject = this.#subject;
    if (subject === undefined) return;
    const mine = (this.#loads += 1);
    try {
      const found = await this.#read(`/api/v1/state/${encodeURIComponent(stateIdOf(subject))}/versions`);
      if (mine !== this.#loads) return;
      [this.#versions, this.#tables, this.#entries, this.#problem] = [found.versions, found.tables, found.entries, ''];
    } catch (error) {
      if (mine !== this.#loads) return;
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#draw();
  }

  async #read(base: string): Promise<Found> {
    const versions = await getJson<Versions>(base);
    const version = this.#version ?? versions.versions.at(-1)?.version;
    if (version === undefined) return { versions, tables: [], entries: undefined };
    const tables = await getJson<readonly StateTableFacts[]>(`${base}/${version}/tables`);
    const chosen = tables[this.#table] ?? tables[0];
    if (chosen === undefined) return { versions, tables, entries: undefined };
    const entries = await getJson<StateEntries>(`${base}/${version}/entries?${query(chosen, this.#find)}`);
    return { versions, tables, entries };
  }

  #draw(): void {
    const { versions, sizeOnDisk } = this.#versions;
    const newest = versions.at(-1);
    const choose = (take: (value: string) => void) => (event: Event) => {
      take((event.target as HTMLSelectElement).value);
      void this.#load();
    };
    morph(
      this.element,
      el(
        'div',
        { class: 'view' },
        el('h2', {}, 'State'),
        el(
          'p',
          { class: 'quiet' },
          `${count(versions.length)} versions can be read${sizeOnDisk === undefined ? '; they are in memory' : `; the checkpoint takes ${bytes(sizeOnDisk)} on disk`}. What is shown was committed; it is read when you ask.`,
        ),
        el(
          'form',
          {
            class: 'controls',
            onsubmit: (event) => {
              event.preventDefault();
              void this.#load();
            },
          },
          el(
            'label',
            {},
            'Version ',
            el(
              'select',
              {
                id: 'version',
                onchange: choose((value) => (this.#version = value === '' ? undefined : Number(value))),
              },
              el('option', { value: '' }, newest === undefined ? 'none yet' : `newest (${newest.version})`),
              ...versions
                .toReversed()
                .map(({ version, batch }) =>
                  el(
                    'option',
                    { value: version, selected: version === this.#version },
                    `${version}, batch ${batch > 1e11 ? moment(batch) : batch}`,
                  ),
                ),
            ),
          ),
          el(
            'label',
            {},
            'Table ',
            el(
              'select',
              { id: 'table', onchange: choose((value) => (this.#table = Number(value))) },
              ...this.#tables.map(({ operator, table: name, rows }, i) =>
                el('option', { value: i, selected: i === this.#table }, `${operator} · ${name} (${count(rows)})`),
              ),
            ),
          ),
          el(
            'label',
            {},
            'Contains ',
            el('input', {
              id: 'find',
              type: 'search',
              value: this.#find,
              oninput: (event) => (this.#find = (event.target as HTMLInputElement).value),
            }),
          ),
          el('button', { type: 'submit' }, 'Read'),
        ),
        this.#problem === '' ? undefined : el('p', { class: 'problem', role: 'alert' }, this.#problem),
        this.#entries === undefined
          ? el(
              'p',
              { class: 'empty' },
              versions.length === 0 ? 'No batch has been committed yet.' : 'No step keeps state in this version.',
            )
          : entriesTable(this.#entries),
      ),
    );
  }
}

function entriesTable({ entries, total, hasMore, keyColumns, valueColumns }: StateEntries): HTMLElement {
  return el(
    'div',
    {},
    table(
      'Entries of the table',
      [
        {
          title: keyColumns.length === 0 ? 'Key' : `Key (${keyColumns.join(', ')})`,
          cell: ({ key }) => el('code', {}, key),
        },
        {
          title: valueColumns.length === 0 ? 'Value' : `Value (${valueColumns.join(', ')})`,
          cell: ({ value }) => el('code', {}, value),
        },
      ],
      entries,
      'No entry of this table matches.',
    ),
    el(
      'p',
      { class: 'quiet' },
      `${count(entries.length)} of ${count(total)} entries${hasMore ? '; search to narrow them down' : ''}.`,
    ),
  );
}

function query({ operator, table: name }: StateTableFacts, find: string): string {
  return new URLSearchParams({ operator, table: name, find, limit: '200' }).toString();
}
