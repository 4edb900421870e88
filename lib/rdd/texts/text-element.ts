import { raise } from '../../kernel/errors.ts';
import { kindOf } from '../function-failure.ts';

/** What has a text: a text, or a record with one as its `value`; null where there is none. */
export type TextElement = string | null | undefined | { readonly value: string | null | undefined };

/** The text of an element, null where it has none. What is neither a text nor a record with one is refused. */
export function textOf(element: unknown, operator: string): string | null {
  if (typeof element === 'string') return element;
  if (element === null || element === undefined) return null;
  const value = typeof element === 'object' ? (element as { readonly value?: unknown }).value : undefined;
  if (typeof value === 'string') return value;
  if (value === null) return null;
  return raise('RDD_NOT_A_TEXT', { operator, kind: kindOf(value === undefined ? element : value) });
}
