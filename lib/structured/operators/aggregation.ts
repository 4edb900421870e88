import { raise } from '../../kernel/errors.ts';
import { callSite } from '../expressions/evaluation-site.ts';
import type { NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import type { AggregateFunction } from '../functions/define-function.ts';
import type { InternalValue } from '../types/data-type.ts';
import { typeText } from '../types/type-text.ts';
import { bufferColumns } from './buffer-columns.ts';
import type { BufferColumn, OperatorSetup, StateColumn } from './physical-operator.ts';

/** One aggregate of an aggregation, with its place in the buffer. */
interface BoundAggregate {
  readonly function: AggregateFunction;
  /** Where its part of the buffer starts. */
  readonly at: number;
  readonly args: readonly TypedExpression[];
  readonly filter: TypedExpression | undefined;
  readonly isDistinct: boolean;
  readonly column: StateColumn;
  /** What readers of state get for it. */
  readonly buffer: readonly BufferColumn[];
}

/** The aggregates of one node over one shared buffer. */
export interface Aggregation {
  readonly aggregates: readonly BoundAggregate[];
  /** Length of the buffer. */
  readonly size: number;
  /** A new buffer. */
  initial(): InternalValue[];
  /** Takes `other`, which came later, into `buffer`. */
  merge(buffer: InternalValue[], other: readonly InternalValue[]): void;
  results(buffer: readonly InternalValue[]): InternalValue[];
}

/** Binds the aggregate functions of a node. */
export function bindAggregation(columns: readonly NamedExpression[], setup: OperatorSetup): Aggregation {
  const aggregates: BoundAggregate[] = [];
  let size = 0;
  for (const { expression, attribute } of columns) {
    const call = expression;
    if (call.kind !== 'aggregate' || call.function.body.kind !== 'aggregate') {
      return raise('INTERNAL_INVARIANT', { what: `${attribute.name} is not an aggregate where one belongs` });
    }
    const bound = call.function.body.bind(callSite(call, setup));
    aggregates.push({
      function: bound,
      at: size,
      args: call.args,
      filter: call.filter,
      isDistinct: call.distinct,
      column: {
        name: attribute.name,
        // What the buffer holds follows from the function and the types of its arguments.
        type: `${call.function.name}(${call.args.map((arg) => typeText(arg.type)).join(',')})`,
      },
      buffer: bufferColumns(call, size, bound.size),
    });
    size += bound.size;
  }
  return new BoundAggregation(aggregates, size);
}

class BoundAggregation implements Aggregation {
  readonly aggregates: readonly BoundAggregate[];
  readonly size: number;
  readonly #template: readonly InternalValue[] | undefined;

  constructor(aggregates: readonly BoundAggregate[], size: number) {
    this.aggregates = aggregates;
    this.size = size;
    const sample = this.#fresh();
    if (sample.every((value) => typeof value !== 'object' || value === null)) this.#template = sample;
  }

  initial(): InternalValue[] {
    return this.#template === undefined ? this.#fresh() : this.#template.slice();
  }

  merge(buffer: InternalValue[], other: readonly InternalValue[]): void {
    for (const {
      function: { merge },
      at,
    } of this.aggregates)
      merge(buffer, at, other, at);
  }

  results(buffer: readonly InternalValue[]): InternalValue[] {
    return this.aggregates.map(({ function: { result }, at }) => result(buffer, at));
  }

  #fresh(): InternalValue[] {
    return this.aggregates.flatMap((aggregate) => [...aggregate.function.initial()]);
  }
}
