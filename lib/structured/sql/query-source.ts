import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { ExpressionParser } from './expression-parser.ts';
import type { TokenStream } from './token-stream.ts';

/** What stands behind FROM is made of. */
export interface QuerySource {
  readonly tokens: TokenStream;
  readonly expressions: ExpressionParser;
  node(node: LogicalNode): LogicalPlan;
  /** A view, or a query that WITH has named. */
  table(): LogicalPlan;
  query(): LogicalPlan;
}
