import type { Attribute } from '../../expressions/typed-expression.ts';
import { valueKey } from '../../types/value-key.ts';
import { type GroupTable, isNewIn, type KeyLevel, nullStruct } from '../group-table.ts';
import { distinctName } from './distinct-name.ts';
import { wholeStruct } from './split-struct.ts';
import type { StageWriter } from './stage-writer.ts';

/** Writes the way to a row's group, which is made when it is new, and the updates of its aggregates. */
export function writeGroup(code: StageWriter, groups: GroupTable, keys: readonly Attribute[]): void {
  const group = findGroup(code, groups, keys);
  code.lines.push(`${group}[${groups.countAt}]++;`);
  groups.aggregation.aggregates.forEach(({ function: f, at, args, filter, isDistinct, column }, i) => {
    const place = { operator: 'aggregate', column: column.name };
    let open = 1;
    code.lines.push('{');
    code.setPlace(place);
    if (filter !== undefined) {
      code.lines.push(`if (${code.value(filter, place)} === true) {`);
      open++;
    }
    const values = args.map((arg) => code.value(arg, place));
    if (isDistinct) {
      const names = code.scope.bind(args.map((arg) => valueKey(arg.type)));
      const name = `${code.scope.bind(distinctName)}([${values.join(', ')}], ${names})`;
      code.lines.push(`if (${code.scope.bind(isNewIn)}(${group}, ${groups.countAt + 1 + i}, ${name})) {`);
      open++;
    }
    code.lines.push(
      f.generateUpdate === undefined
        ? `${code.scope.bind(f.update)}(${[group, at, ...values].join(', ')});`
        : f.generateUpdate(group, at, values),
      '}'.repeat(open),
    );
  });
}

function findGroup(code: StageWriter, groups: GroupTable, keys: readonly Attribute[]): string {
  const table = code.scope.bind(groups);
  const group = code.scope.fresh();
  const key = `[${keys.map((column) => wholeKey(code, column)).join(', ')}]`;
  const levels = groups.levels;
  const last = levels.at(-1);
  if (last === undefined) {
    code.lines.push(`const ${group} = ${table}.groups.length === 0 ? ${table}.create([]) : ${table}.groups[0];`);
    return group;
  }
  const parts = levels.map((level) => keyPart(code, level, keys[level.key] as Attribute));
  let map = code.scope.bind(groups.root);
  if (parts.length > 1) {
    const outer = parts.slice(0, -1);
    const found = code.scope.fresh();
    const walk = [`let m = ${map};`];
    for (const part of outer) {
      walk.push(
        `{ let next = m.get(${part}); if (next === undefined) { next = new Map(); m.set(${part}, next); } m = next; }`,
      );
    }
    if (code.isLoop) {
      // Rows of one window come together: the way to its groups is kept from row to row.
      const known = outer.map(() => code.scope.fresh());
      code.before.push(`let ${found}, ${known.map((name) => `${name} = ${code.scope.bind(nothing)}`).join(', ')};`);
      code.lines.push(
        `if (${outer.map((part, i) => `${part} !== ${known[i]}`).join(' || ')}) {`,
        ...walk,
        `${found} = m;`,
        ...outer.map((part, i) => `${known[i]} = ${part};`),
        '}',
      );
    } else {
      code.lines.push(`let ${found}; {`, ...walk, `${found} = m; }`);
    }
    map = found;
  }
  const part = parts.at(-1) as string;
  code.lines.push(
    `let ${group} = ${map}.get(${part});`,
    `if (${group} === undefined) { ${group} = ${table}.create(${key}); ${map}.set(${part}, ${group}); }`,
  );
  return group;
}

/** A key as the state has it, for a new group. */
function wholeKey(code: StageWriter, column: Attribute): string {
  const split = code.splitOf(column.id);
  return code.attributes.get(column.id) ?? (split === undefined ? code.value(column) : wholeStruct(split));
}

function keyPart(code: StageWriter, { field, name }: KeyLevel, column: Attribute): string {
  if (field !== undefined) {
    const split = code.splitOf(column.id);
    const none = code.scope.bind(nullStruct);
    if (split !== undefined) {
      const code = split.fields[field] as string;
      return split.isNull === undefined ? code : `(${split.isNull} ? ${none} : ${code})`;
    }
    const value = code.value(column);
    return `(${value} === null ? ${none} : ${value}[${field}])`;
  }
  const value = code.value(column);
  if (name === undefined) return value;
  const text = code.scope.fresh();
  code.lines.push(`const ${text} = ${code.scope.bind(name)}(${value});`);
  return text;
}

/** No key equals it. */
const nothing = Symbol('nothing');
