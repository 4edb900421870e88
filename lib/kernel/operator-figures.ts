import type { OperatorId } from './operator-id.ts';

/** What one operator did in one batch. */
export interface OperatorFigures {
  readonly id: OperatorId;
  /** What it gave. */
  readonly rows: number;
  /** Without the operators before and behind it, waiting for a source included; absent where it cannot be told apart. */
  readonly timeMs?: number;
  /** The first of what it gave, where samples were asked for. */
  readonly sample?: readonly unknown[];
}

/** How closely the operators of a program are looked at while it runs. Nothing is measured unless somebody asks. */
export interface Measuring {
  /** A batch is measured when the last that was is so long ago: measuring costs something for each record. */
  readonly everyMs: number;
  /** Steps of a StreamingContext are measured only while it says so; absent: always. Those of a query are counted in its own loop. */
  readonly isWanted?: () => boolean;
  /** So many of what each operator gives are kept. */
  readonly samples: number;
  /** So many rows of each batch that a query drops because they are late are kept; absent: none. */
  readonly lateRows?: number;
}
