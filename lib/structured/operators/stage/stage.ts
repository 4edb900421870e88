import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import type { EventTimeStats } from '../event-time-stats.ts';
import type { GroupTable } from '../group-table.ts';
import type { RowSink } from '../physical-operator.ts';
import type { StaticTable } from '../static-table.ts';

/**
 * A run of steps that rows go through one by one, from a source or an operator to the next place where they are held. It is data:
 * `generate-stage.ts` turns it into one JavaScript loop, `interpret-stage.ts` into closures, with the same results.
 */
export interface Stage {
  /** For errors. */
  readonly name: string;
  readonly input: readonly Attribute[];
  readonly steps: readonly StageStep[];
  readonly end: StageEnd;
}

export type StageStep =
  | { readonly kind: 'filter'; readonly condition: TypedExpression }
  | { readonly kind: 'project'; readonly columns: readonly NamedExpression[] }
  /** More columns behind those that are there. */
  | { readonly kind: 'define'; readonly columns: readonly NamedExpression[] }
  | { readonly kind: 'eventTime'; readonly column: Attribute; readonly stats: EventTimeStats }
  | {
      readonly kind: 'generate';
      readonly call: (...args: readonly InternalValue[]) => Iterable<readonly InternalValue[]>;
      readonly args: readonly TypedExpression[];
      readonly columns: readonly Attribute[];
      readonly outer: boolean;
    }
  | {
      readonly kind: 'expand';
      readonly projections: readonly (readonly TypedExpression[])[];
      readonly output: readonly Attribute[];
    }
  /** A look-up in the static side of a join, from the side that streams. */
  | ProbeStep
  /** `observe`: aggregates beside the rows. */
  | { readonly kind: 'tap'; readonly groups: GroupTable }
  /** Somebody looks at the rows that pass: at all of them, and at these columns. */
  | { readonly kind: 'watch'; readonly columns: readonly Attribute[]; readonly take: (row: InternalRow) => void }
  /** Somebody wants to know how many rows pass. */
  | { readonly kind: 'count'; readonly tally: { rows: number } }
  /** Somebody looks at the rows that come too late for the windows or times that the end groups them by. */
  | LateStep
  | { readonly kind: 'sample'; readonly takes: () => boolean };

export interface LateStep {
  readonly kind: 'late';
  readonly columns: readonly Attribute[];
  /** One of them: a time, or a window, whose end counts. */
  readonly time: Attribute;
  /** What is not after it is late; moved from batch to batch. */
  readonly limit: { us: number | undefined };
  readonly take: (row: InternalRow) => void;
}

export interface ProbeStep {
  readonly kind: 'probe';
  readonly table: StaticTable;
  readonly keys: readonly TypedExpression[];
  /** As seen from the side that streams: `left` keeps its rows. */
  readonly how: 'inner' | 'left' | 'semi' | 'anti' | 'exists';
  /** Of `exists`: the column that says whether there is a match. */
  readonly exists?: Attribute;
  /** Of `left`: a second match is an error. */
  readonly isSingle?: boolean;
  /** Over the columns so far and those of the table; all must hold. */
  readonly conditions: readonly TypedExpression[];
  readonly columns: readonly Attribute[];
}

export type StageEnd =
  | { readonly kind: 'rows'; readonly columns: readonly Attribute[]; readonly emit: RowSink }
  | { readonly kind: 'groups'; readonly keys: readonly Attribute[]; readonly groups: GroupTable };

/** The columns behind a step. */
export function layoutAfter(step: StageStep, before: readonly Attribute[]): readonly Attribute[] {
  switch (step.kind) {
    case 'project':
      return step.columns.map((column) => column.attribute);
    case 'define':
      return [...before, ...step.columns.map((column) => column.attribute)];
    case 'generate':
      return [...before, ...step.columns];
    case 'expand':
      return step.output;
    case 'probe':
      if (step.how === 'inner' || step.how === 'left') return [...before, ...step.columns];
      return step.exists === undefined ? before : [...before, step.exists];
    default:
      return before;
  }
}
