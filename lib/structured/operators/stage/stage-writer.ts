import type { CodeScope } from '../../expressions/code-scope.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import type { SplitStruct } from './split-struct.ts';
import type { StagePlace } from './stage-failure.ts';

/** A text that has been found and is made only when it is asked for. */
export interface LateCode {
  /** Null, or undefined while the text has not been made. */
  readonly variable: string;
  /** The `LateText`. */
  readonly text: string;
  /** The column of bytes that it is in. */
  readonly bytes: string;
}

/** What the parts of a generated stage are written with. */
export interface StageWriter {
  readonly scope: CodeScope;
  /** The code so far. */
  readonly lines: string[];
  /** Statements before the loop over a block. */
  readonly before: string[];
  /** Whether the code is a loop over a block; otherwise it is a function of one row. */
  readonly isLoop: boolean;
  /** Columns that stand in a variable. */
  readonly attributes: ReadonlyMap<number, string>;
  /** The code of a value, a variable or a constant; its statements are written. `place` is for the error if it fails. */
  value(e: TypedExpression, place?: StagePlace): string;
  /** Puts a column into a variable if anything needs it. */
  defineUsed(column: Attribute, code: string): void;
  /** By the code that makes them. */
  readonly lateTexts: Map<string, LateCode>;
  setPlace(place: StagePlace): void;
  splitOf(id: number): SplitStruct | undefined;
}
