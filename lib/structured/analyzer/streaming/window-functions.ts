import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { typedText } from '../typed-text.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** Functions over the rows around one: on a stream there are always more to come. */
export function windowFunctions({ nodes }: CheckedQuery): readonly MillraceError[] {
  return streamingNodes(nodes, 'windowFunctions').flatMap(({ functions }) =>
    functions.map(({ expression, attribute }) =>
      failure('NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING', {
        windowFunc: typedText(expression).toUpperCase(),
        columnName: `\`${attribute.name}\``,
      }),
    ),
  );
}
