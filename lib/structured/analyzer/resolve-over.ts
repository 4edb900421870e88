import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { collectingProblems } from './analysis-error.ts';
import { nameOf } from '../expressions/sql-text.ts';
import type { Scope } from './scope.ts';
import { typedText } from './typed-text.ts';

type Over = Extract<Expression, { kind: 'over' }>;
type Resolve = (e: Expression, scope: Scope) => TypedExpression;

/** `function OVER (PARTITION BY ... ORDER BY ...)`: computed by a node below, by partitions. */
export function resolveOver(e: Over, scope: Scope, resolve: Resolve): TypedExpression {
  const { partitionBy, orderBy, frame } = e.window;
  let call: TypedExpression | undefined;
  const partition: TypedExpression[] = [];
  const order: { child: TypedExpression; ascending: boolean; nullsFirst: boolean }[] = [];
  collectingProblems([
    () => {
      call = resolve(e.child, { ...scope, isOver: true });
    },
    ...partitionBy.map((item) => () => {
      partition.push(resolve(item, scope));
    }),
    ...orderBy.map((item) => () => {
      order.push({ child: resolve(item.child, scope), ascending: item.ascending, nullsFirst: item.nullsFirst });
    }),
  ]);
  const f = call as unknown as TypedExpression;
  const isRanking = f.kind === 'call' && f.function.body.kind === 'ranking';
  if (f.kind !== 'aggregate' && !isRanking) return raise('UNSUPPORTED_EXPR_FOR_WINDOW', { sqlExpr: typedText(f) });
  if (isRanking && order.length === 0) raise('WINDOW_FUNCTION_WITHOUT_ORDER', { function: typedText(f) });
  const attribute = {
    kind: 'attribute',
    id: scope.session.nextId(),
    name: nameOf(e),
    type: f.type,
    nullable: true,
    qualifier: [],
  } as const;
  scope.lifts.push({
    kind: 'over',
    attribute,
    function: f,
    partitionBy: partition,
    orderBy: order,
    ...(frame === undefined ? {} : { frame }),
  });
  return attribute;
}
