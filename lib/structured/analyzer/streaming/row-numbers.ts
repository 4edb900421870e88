import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { expressionsOf } from '../plan-tree.ts';
import type { CheckedQuery } from './streaming-rule.ts';

/** Numbers that begin anew in every batch would not be increasing, nor unique. */
export function rowNumbers({ nodes }: CheckedQuery): readonly MillraceError[] {
  const isUsed = nodes.some(
    (node) =>
      node.isStreaming &&
      expressionsOf(node).some((e) =>
        anyIn(e, (part) => part.kind === 'call' && part.function.name === 'monotonically_increasing_id'),
      ),
  );
  return isUsed ? [failure('QUERY_ROW_NUMBERS_ON_STREAM', {})] : [];
}
