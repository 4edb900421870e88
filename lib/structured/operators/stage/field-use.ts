import type { Attribute, TypedExpression, TypedExtract } from '../../expressions/typed-expression.ts';
import { childrenOf, transformDown } from '../../expressions/typed-tree.ts';
import type { GroupTable } from '../group-table.ts';
import { bytesOfFromJson, isPlainFromJson } from './json-field.ts';
import type { Stage, StageStep } from './stage.ts';

/** Of which columns of a stage only fields are used, and which: those need not be made as a whole. */
export class FieldUse {
  readonly #whole = new Set<number>();
  /** Columns of bytes that JSON is read from. */
  readonly #scanned = new Set<number>();
  readonly #fields = new Map<number, Set<number>>();
  /** A column that is passed on under another id is the same column. */
  readonly #origin = new Map<number, number>();

  constructor(stage: Stage) {
    for (const step of stage.steps) this.#step(step);
    if (stage.end.kind === 'rows') for (const column of stage.end.columns) this.#whole.add(this.#root(column.id));
    else this.#groups(stage.end.groups, stage.end.keys);
  }

  /** Whether anything asks for the value as such. */
  isWholeUsed(id: number): boolean {
    return this.#whole.has(this.#root(id));
  }

  isUsed(id: number): boolean {
    const root = this.#root(id);
    return this.#whole.has(root) || this.#scanned.has(root) || this.#fields.has(root);
  }

  /** The fields that are used, by position. */
  fieldsOf({ id }: Attribute): readonly number[] {
    return [...(this.#fields.get(this.#root(id)) ?? [])].toSorted((a, b) => a - b);
  }

  #root(id: number): number {
    let root = id;
    for (;;) {
      const origin = this.#origin.get(root);
      if (origin === undefined) return root;
      root = origin;
    }
  }

  #step(step: StageStep): void {
    switch (step.kind) {
      case 'filter':
        return this.#expression(step.condition);
      case 'project':
      case 'define':
        for (const { expression, attribute } of step.columns) this.#passed(expression, attribute);
        return;
      case 'eventTime':
        return this.#expression(step.column);
      case 'generate':
        for (const arg of step.args) this.#expression(arg);
        return;
      case 'expand':
        step.output.forEach((attribute, i) => {
          const parts = step.projections.map((projection) => projection[i] as TypedExpression);
          const [first] = parts;
          if (first?.kind === 'attribute' && parts.every((e) => e.kind === 'attribute' && e.id === first.id)) {
            this.#passed(first, attribute);
          } else {
            for (const e of parts) this.#expression(e);
          }
        });
        return;
      case 'probe':
        for (const e of [...step.keys, ...step.conditions]) this.#expression(e);
        return;
      case 'tap':
        return this.#groups(step.groups, []);
      case 'watch':
        for (const e of step.columns) this.#expression(e);
        return;
      case 'count':
        return;
      case 'late':
        // A window stays in two variables: it is put together where a row is late.
        for (const e of step.columns) if (e.id !== step.time.id || e.type.kind !== 'struct') this.#expression(e);
        return;
      case 'sample':
    }
  }

  #passed(e: TypedExpression, { id }: Attribute): void {
    if (e.kind !== 'attribute') this.#expression(e);
    else if (e.id !== id) this.#origin.set(id, e.id);
  }

  #groups(groups: GroupTable, keys: readonly Attribute[]): void {
    for (const { key, field } of groups.levels) {
      const column = keys[key];
      if (column === undefined) continue;
      if (field === undefined) this.#whole.add(this.#root(column.id));
      else this.#field(column.id, field);
    }
    for (const { args, filter } of groups.aggregation.aggregates) {
      for (const arg of args) this.#expression(arg);
      if (filter !== undefined) this.#expression(filter);
    }
  }

  #expression(e: TypedExpression): void {
    const field = fieldOfColumn(e);
    if (field !== undefined) return this.#field(field.column.id, field.index);
    if (e.kind === 'attribute') {
      this.#whole.add(this.#root(e.id));
      return;
    }
    // Read by the scanner, or made whole where it is not.
    const scanned = isPlainFromJson(e) ? bytesOfFromJson(e) : undefined;
    if (scanned !== undefined) {
      this.#scanned.add(this.#root(scanned.id));
      return;
    }
    for (const child of childrenOf(e)) this.#expression(child);
  }

  #field(id: number, index: number): void {
    const root = this.#root(id);
    const known = this.#fields.get(root);
    if (known === undefined) this.#fields.set(root, new Set([index]));
    else known.add(index);
  }
}

/** `column.field`, by position. */
function fieldOfColumn(e: TypedExpression): { readonly column: Attribute; readonly index: number } | undefined {
  if (e.kind !== 'extract' || e.access.kind !== 'field' || e.child.kind !== 'attribute') return undefined;
  return { column: e.child, index: e.access.index };
}

/** Replaces fields of columns where `replace` gives something else. */
export function replaceFields(
  e: TypedExpression,
  replace: (column: Attribute, index: number, node: TypedExtract) => TypedExpression | undefined,
): TypedExpression {
  return transformDown(e, (node) => {
    const field = fieldOfColumn(node);
    return field === undefined ? undefined : replace(field.column, field.index, node as TypedExtract);
  });
}
