import { raise } from '../kernel/errors.ts';
import type { JoinKind } from './plan/logical-plan.ts';

const kinds: Readonly<Record<string, JoinKind>> = {
  inner: 'inner',
  cross: 'cross',
  outer: 'full',
  full: 'full',
  fullouter: 'full',
  left: 'left',
  leftouter: 'left',
  right: 'right',
  rightouter: 'right',
  semi: 'leftSemi',
  leftsemi: 'leftSemi',
  anti: 'leftAnti',
  leftanti: 'leftAnti',
};

/**
 * The kind of join that Spark's text names, without regard to case and underscores.
 *
 * @example
 * joinKind('LEFT_OUTER')   // => 'left'
 */
export function joinKind(text: string): JoinKind {
  const key = text.toLowerCase().replaceAll('_', '');
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  return (
    kind ??
    raise('QUERY_JOIN_TYPE', { joinType: text, supported: 'inner, cross, left, right, full, left_semi, left_anti' })
  );
}
