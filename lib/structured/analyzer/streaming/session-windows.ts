import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { CheckedQuery } from './streaming-rule.ts';

/** Sessions are of a key: Spark finds this out when it plans the first batch. */
export function sessionWindows({ aggregates }: CheckedQuery): readonly MillraceError[] {
  return aggregates
    .filter(({ session, keys }) => session !== undefined && keys.length === 1)
    .map(() => failure('QUERY_SESSION_WITHOUT_KEY', {}));
}
