import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { quoteName } from '../sql/sql-string.ts';
import { resolveField } from './resolve-extract.ts';
import type { Scope } from './scope.ts';
import { suggestions } from './suggestions.ts';

/** A column by the parts of its name: `name`, `relation.name`, `struct.field`, and any of them followed by fields. */
export function resolveName(parts: readonly string[], planId: number | undefined, scope: Scope): TypedExpression {
  const [first = ''] = parts;
  if (planId === undefined) {
    const variable = scope.variables.find((candidate) => matches(candidate.name, first, scope));
    if (variable !== undefined) return fieldsOf(variable, parts.slice(1), scope);
  }
  const attributes = planId === undefined ? scope.attributes : columnsOfFrame(planId, parts, scope);
  const { found, rest } = candidates(parts, attributes, scope);
  const [attribute, ...others] = found;
  if (attribute === undefined) {
    const elsewhere = planId === undefined ? resolveElsewhere(parts, scope) : undefined;
    return elsewhere ?? unresolved(parts, attributes);
  }
  if (others.length > 0) {
    raise('AMBIGUOUS_REFERENCE', {
      name: quoted(parts),
      referenceNames: `[${found.map((candidate) => quoted([...candidate.qualifier, candidate.name])).join(', ')}]`,
    });
  }
  return fieldsOf(attribute, rest, scope);
}

/** What no column of the inputs is: hidden by USING, the alias of an item before, or a column of the query around a subquery. */
function resolveElsewhere(parts: readonly string[], scope: Scope): TypedExpression | undefined {
  const [first = ''] = parts;
  const hidden = parts.length < 2 ? undefined : candidates(parts, scope.hidden ?? [], scope);
  const [behind] = hidden?.found ?? [];
  if (behind !== undefined) {
    scope.lifts.push({ kind: 'hidden', attribute: behind });
    return fieldsOf(behind, hidden?.rest ?? [], scope);
  }
  const alias = scope.aliases?.get(first.toLowerCase());
  if (alias !== undefined) return fieldsOf(alias, parts.slice(1), scope);
  const { outer } = scope;
  if (outer === undefined) return undefined;
  const { found, rest } = candidates(parts, outer.attributes, outer);
  const [attribute] = found;
  return attribute === undefined ? undefined : fieldsOf(attribute, rest, scope);
}

/** Columns of that name among those given, without a word when there is none. */
export function columnsNamed(
  name: string,
  attributes: readonly Attribute[],
  scope: Pick<Scope, 'session'>,
): readonly Attribute[] {
  return attributes.filter((attribute) => matches(attribute.name, name, scope));
}

/** Columns that a `*` stands for: all, or those of a relation, or the fields of a struct. */
export function resolveStar(
  { qualifier, pattern, except }: Extract<Expression, { kind: 'star' }>,
  scope: Scope,
): readonly TypedExpression[] {
  if (pattern !== undefined) {
    const wanted = RegExp(`^(?:${pattern})$`, scope.session.conf.isCaseSensitive ? 'u' : 'iu');
    return scope.attributes.filter(({ name }) => wanted.test(name));
  }
  if (qualifier.length === 0) return withoutExcepted(scope.attributes, except, scope);
  const last = qualifier.at(-1) ?? '';
  const ofRelation = scope.attributes.filter(
    (attribute) =>
      qualifier.length === 1 &&
      matches(attribute.qualifier.at(-1) ?? '', last, scope) &&
      attribute.qualifier.length > 0,
  );
  const behind = (scope.hidden ?? []).filter(
    (attribute) => qualifier.length === 1 && matches(attribute.qualifier.at(-1) ?? '', last, scope),
  );
  if (behind.length > 0) {
    // USING gives such a column once for both sides: of a relation it stands in front, as it does in the whole.
    for (const attribute of behind) scope.lifts.push({ kind: 'hidden', attribute });
    return withoutExcepted([...behind, ...ofRelation], except, scope);
  }
  if (ofRelation.length > 0) return withoutExcepted(ofRelation, except, scope);
  if (candidates(qualifier, scope.attributes, scope).found.length === 0) {
    return raise('CANNOT_RESOLVE_STAR_EXPAND', {
      targetString: quoted(qualifier),
      columns:
        suggestions(
          last,
          scope.attributes.map((attribute) => attribute.name),
        ) || 'none',
    });
  }
  const parent = resolveName(qualifier, undefined, scope);
  const { type } = parent;
  if (type.kind !== 'struct') {
    return raise('CANNOT_RESOLVE_STAR_EXPAND', {
      targetString: quoted(qualifier),
      columns: `${quoted(qualifier)} is no struct; columns are ${scope.attributes.map((attribute) => quoteName(attribute.name)).join(', ')}`,
    });
  }
  return type.fields.map((field, index): TypedExpression => ({
    kind: 'extract',
    child: parent,
    access: { kind: 'field', index, name: field.name },
    type: field.type,
    nullable: parent.nullable || field.nullable,
  }));
}

/** `* EXCEPT (a, b)`. */
function withoutExcepted(
  attributes: readonly Attribute[],
  except: readonly (readonly string[])[] | undefined,
  scope: Scope,
): readonly Attribute[] {
  if (except === undefined) return attributes;
  const left = new Set(
    except.map((parts) => resolveName(parts, undefined, scope)).map((e) => (e.kind === 'attribute' ? e.id : -1)),
  );
  return attributes.filter(({ id }) => !left.has(id));
}

/** A name in backticks where it needs them, parts joined by dots. */
export function quoted(parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll('`', '``')}\``).join('.');
}

export function matches(name: string, wanted: string, { session }: Pick<Scope, 'session'>): boolean {
  return session.conf.isCaseSensitive ? name === wanted : name.toLowerCase() === wanted.toLowerCase();
}

function candidates(
  parts: readonly string[],
  attributes: readonly Attribute[],
  scope: Scope,
): { readonly found: readonly Attribute[]; readonly rest: readonly string[] } {
  const [first = '', second] = parts;
  if (second !== undefined) {
    const qualified = attributes.filter(
      (attribute) => matches(attribute.name, second, scope) && matches(attribute.qualifier.at(-1) ?? '', first, scope),
    );
    if (qualified.length > 0) return { found: distinct(qualified), rest: parts.slice(2) };
  }
  return { found: distinct(columnsNamed(first, attributes, scope)), rest: parts.slice(1) };
}

function distinct(attributes: readonly Attribute[]): readonly Attribute[] {
  return [...new Map(attributes.map((attribute) => [attribute.id, attribute])).values()];
}

function fieldsOf(base: TypedExpression, names: readonly string[], scope: Scope): TypedExpression {
  return names.reduce<TypedExpression>((child, name) => resolveField(child, name, scope), base);
}

/** The columns that `df.col(name)` may mean: those of that DataFrame that are still there, where it stands nearest. */
function columnsOfFrame(planId: number, parts: readonly string[], scope: Scope): readonly Attribute[] {
  // The attribute as it is here: a watermark may have been put on it since.
  const here = new Map(scope.attributes.map((attribute) => [attribute.id, attribute]));
  const lists = scope.columnsOf(planId);
  for (const columns of lists) {
    const arriving = columns.flatMap((attribute) => here.get(attribute.id) ?? []);
    if (candidates(parts, arriving, scope).found.length > 0) return arriving;
  }
  const isKnown = lists.some((columns) => candidates(parts, columns, scope).found.length > 0);
  if (lists.length === 0 || isKnown) return raise('CANNOT_RESOLVE_DATAFRAME_COLUMN', { name: quoted(parts) });
  return lists[0] ?? [];
}

function unresolved(parts: readonly string[], attributes: readonly Attribute[]): never {
  const objectName = quoted(parts);
  if (attributes.length === 0) return raise('UNRESOLVED_COLUMN.WITHOUT_SUGGESTION', { objectName });
  const names = attributes.map((attribute) => attribute.name);
  return raise('UNRESOLVED_COLUMN.WITH_SUGGESTION', { objectName, proposal: suggestions(parts.at(-1) ?? '', names) });
}
