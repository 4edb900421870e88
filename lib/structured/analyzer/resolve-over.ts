import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { isNumeric } from '../types/type-classes.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { collectingProblems } from './analysis-error.ts';
import { nameOf } from '../expressions/sql-text.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scope } from './scope.ts';
import { sqlPlace } from '../sql/sql-place.ts';
import { typedText } from './typed-text.ts';

type Over = Extract<Expression, { kind: 'over' }>;
type Frame = NonNullable<Over['window']['frame']>;
type Resolve = (e: Expression, scope: Scope) => TypedExpression;

/** A range needs one order of numbers or times, and ranks have a frame of their own. */
function checkFrame(
  { unit, from, until }: Frame,
  f: TypedExpression,
  order: readonly { readonly child: TypedExpression }[],
): void {
  const isToCurrentRow = from === Number.NEGATIVE_INFINITY && until === 0;
  if (f.kind === 'call' && f.function.name !== 'nth_value') {
    const hasOwn = f.function.name === 'lag' || f.function.name === 'lead' || !isToCurrentRow;
    if (hasOwn) raise('QUERY_WINDOW_FRAME_FIXED', { function: f.function.name });
  }
  const isBounded = [from, until].some((bound) => Number.isFinite(bound) && bound !== 0);
  if (unit !== 'range' || !isBounded) return;
  const [first] = order;
  if (first === undefined) return raise('DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER', {});
  if (order.length > 1) raise('DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER', { count: order.length });
  const { type } = first.child;
  if (!isNumeric(type) && !['date', 'timestamp', 'timestamp_ntz'].includes(type.kind)) {
    raise('DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE', { type: sqlTypeText(type) });
  }
}

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
  if (f.kind === 'aggregate' && f.distinct) {
    raise('DISTINCT_WINDOW_FUNCTION_UNSUPPORTED', { windowExpr: typedText(f) });
  }
  if (frame !== undefined && frame.from > frame.until) {
    const where = frame.position === undefined ? {} : sqlPlace({ ...frame.position });
    raise('DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON', {}, { where });
  }
  if (frame !== undefined) checkFrame(frame, f, order);
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
    ...(frame === undefined ? {} : { frame: inUnits(frame, order[0]?.child.type) }),
  });
  return attribute;
}

const MICROS_PER_DAY = 86_400_000_000;

/** The frame in the units of what is ordered: days of dates, microseconds of timestamps. */
function inUnits(frame: Frame, type: DataType | undefined): Frame {
  if (frame.isInterval !== true || type?.kind !== 'date') return frame;
  return { ...frame, from: frame.from / MICROS_PER_DAY, until: frame.until / MICROS_PER_DAY };
}
