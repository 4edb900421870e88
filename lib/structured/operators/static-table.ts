import type { PhysicalOperator, RowSink } from './physical-operator.ts';
import type { DataType, InternalRow, InternalValue } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import { FlatTable } from './flat-table.ts';
import { SharedTexts } from './shared-texts.ts';
import { TextIndex } from './text-index.ts';

const none: readonly InternalRow[] = [];

/** The static side of a join, by key. Without keys every row is found by every other. Null keys find nothing, unless they may. */
export class StaticTable {
  /** For generated code: rows by the name of their key. */
  readonly byName = new Map<unknown, InternalRow[]>();
  readonly #keysOf: (row: InternalRow) => readonly InternalValue[];
  readonly #names: readonly ((value: InternalValue) => unknown)[];
  readonly #nullSafe: readonly boolean[];
  /** Another one when the rows are others. */
  version = 0;
  #texts: TextIndex<InternalRow[]> | undefined;
  #flat: FlatTable | undefined;

  constructor(
    types: readonly DataType[],
    nullSafe: readonly boolean[],
    keysOf: (row: InternalRow) => readonly InternalValue[],
  ) {
    this.#names = types.map((type) => valueKey(type));
    this.#nullSafe = nullSafe;
    this.#keysOf = keysOf;
  }

  add(row: InternalRow): void {
    const name = this.nameOf(this.#keysOf(row));
    if (name === undefined) return;
    this.version++;
    this.#texts = undefined;
    this.#flat = undefined;
    const rows = this.byName.get(name);
    if (rows === undefined) this.byName.set(name, [row]);
    else rows.push(row);
  }

  find(keys: readonly InternalValue[]): readonly InternalRow[] {
    const name = this.nameOf(keys);
    return name === undefined ? none : (this.byName.get(name) ?? none);
  }

  /** The same rows by the bytes of their key, of a table with one key that is a text; those with other keys than ASCII are not in it. */
  get texts(): TextIndex<InternalRow[]> {
    this.#texts ??= new TextIndex(
      [...this.byName].filter((entry): entry is [string, InternalRow[]] => typeof entry[0] === 'string'),
    );
    return this.#texts;
  }

  /** The same rows by column, of a table with one key that is a text and with so many columns. */
  flat(width: number): FlatTable {
    this.#flat ??= new FlatTable(this.byName, width);
    return this.#flat;
  }

  rows(): readonly InternalRow[] {
    return [...this.byName.values()].flat();
  }

  clear(): void {
    this.version++;
    this.#texts = undefined;
    this.#flat = undefined;
    this.byName.clear();
  }

  /** Whether two values are equal as the i-th of the last `count` keys. */
  isSame(count: number, i: number, a: InternalValue, b: InternalValue): boolean {
    const name = this.#names[this.#names.length - count + i];
    return name !== undefined && name(a) === name(b);
  }

  /** The same for keys that are equal; undefined for a key that equals none. */
  nameOf(keys: readonly InternalValue[]): unknown {
    if (keys.length === 0) return '';
    for (let i = 0; i < keys.length; i++) if (keys[i] === null && this.#nullSafe[i] !== true) return undefined;
    if (keys.length === 1) return (this.#names[0] as (value: InternalValue) => unknown)(keys[0] as InternalValue);
    let text = '';
    for (let i = 0; i < keys.length; i++) {
      const name = (this.#names[i] as (value: InternalValue) => unknown)(keys[i] as InternalValue);
      text += typeof name === 'string' ? `${name.length}:${name}` : `${String(name)};`;
    }
    return text;
  }
}

/** Fills the static side of a join, and empties it before each batch when its rows may change. */
export class StaticLoad implements PhysicalOperator {
  readonly #table: StaticTable;
  #shared = new SharedTexts();

  constructor(table: StaticTable) {
    this.#table = table;
  }

  begin(): void {
    this.#table.clear();
    this.#shared = new SharedTexts();
  }

  input(): RowSink {
    return (row) => {
      this.#table.add(this.#shared.of(row));
    };
  }

  finish(): void {
    // Filled as rows came.
  }
}
