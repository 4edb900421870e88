import type { Attribute } from '../expressions/typed-expression.ts';
import type { DataType, InternalRow, InternalValue } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import type { Aggregation } from './aggregation.ts';
import { isPrimitive, keyNormalizer } from './key-values.ts';

/** The buffer of a group, then its key values, then the number of its rows, then sets of what distinct aggregates have seen. */
export type Group = InternalValue[];

/** One step of the way to a group: the key column (or one field of a struct) that its `Map` is keyed by. */
export interface KeyLevel {
  /** Which key. */
  readonly key: number;
  /** Of a struct whose fields are all plain: the field. */
  readonly field: number | undefined;
  /** Makes a value plain; `undefined` where values of the type are. */
  readonly name: ((value: InternalValue) => unknown) | undefined;
}

/** Stands for a struct that is null at each of its levels: no field has it as a value. */
export const nullStruct = Symbol('null');

type GroupMap = Map<unknown, GroupMap | Group>;

/**
 * The groups of one batch: a `Map` for each level of the key, so that no composite key has to be built for a row. Fields of structs
 * come first: windows are few, and rows of one window come together.
 */
export class GroupTable {
  readonly levels: readonly KeyLevel[];
  readonly groups: Group[] = [];
  /** For generated code, which walks it by itself. */
  readonly root: GroupMap = new Map();
  readonly aggregation: Aggregation;
  readonly keyCount: number;
  /** Where a group keeps its number of rows. */
  readonly countAt: number;
  readonly #normalizers: readonly (((value: InternalValue) => InternalValue) | undefined)[];

  constructor(keys: readonly Attribute[], aggregation: Aggregation) {
    this.aggregation = aggregation;
    this.keyCount = keys.length;
    this.countAt = aggregation.size + keys.length;
    this.levels = levelsOf(keys.map((key) => key.type));
    this.#normalizers = keys.map((key) => keyNormalizer(key.type));
  }

  /** The group of a key, made when it is new. */
  find(key: InternalRow): Group {
    const { levels } = this;
    const last = levels.length - 1;
    if (last < 0) return this.groups[0] ?? this.create(key);
    let map = this.root;
    for (let i = 0; i < last; i++) {
      const part = keyPart(levels[i] as KeyLevel, key);
      let below = map.get(part) as GroupMap | undefined;
      if (below === undefined) map.set(part, (below = new Map()));
      map = below;
    }
    const part = keyPart(levels[last] as KeyLevel, key);
    let group = map.get(part) as Group | undefined;
    if (group === undefined) map.set(part, (group = this.create(key)));
    return group;
  }

  /** A new group of the key; whoever calls puts it in its place. */
  create(key: InternalRow): Group {
    const keys = key.map((value, i) => {
      const normalize = this.#normalizers[i];
      return normalize === undefined || value === null ? value : normalize(value);
    });
    // Not pushed one by one: an array that grows takes room for 16 values more, and groups are many.
    const group: Group = this.aggregation.initial().concat(keys, 0);
    this.groups.push(group);
    return group;
  }

  keyOf(group: Group): InternalRow {
    return group.slice(this.aggregation.size, this.countAt);
  }

  clear(): void {
    this.root.clear();
    this.groups.length = 0;
  }
}

function levelsOf(types: readonly DataType[]): readonly KeyLevel[] {
  const first: KeyLevel[] = [];
  const then: KeyLevel[] = [];
  types.forEach((type, key) => {
    if (type.kind === 'struct' && type.fields.length > 0 && type.fields.every((field) => isPrimitive(field.type))) {
      type.fields.forEach((_, field) => first.push({ key, field, name: undefined }));
    } else {
      then.push({ key, field: undefined, name: isPrimitive(type) ? undefined : valueKey(type) });
    }
  });
  return [...first, ...then];
}

function keyPart({ key, field, name }: KeyLevel, row: InternalRow): unknown {
  const value = row[key] as InternalValue;
  if (field !== undefined) return value === null ? nullStruct : (value as InternalRow)[field];
  return name === undefined ? value : name(value);
}

/** Whether a distinct aggregate sees these values for the first time in the group. */
export function isNewIn(group: Group, slot: number, value: string): boolean {
  const sets = group as unknown as Set<string>[];
  while (sets.length <= slot) sets.push(new Set());
  const set = sets[slot] as Set<string>;
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
