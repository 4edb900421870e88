import type { ColumnVector, ColumnarBlock } from '../../../io/columnar-block.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import type { OperatorSetup, RowSink } from '../physical-operator.ts';
import { generateBlocks, generateRows } from './generate-stage.ts';
import { hoistJson } from './hoist-json.ts';
import { interpretStage } from './interpret-stage.ts';
import { keepsBytes } from './keeps-bytes.ts';
import { pruneStage } from './prune-stage.ts';
import type { Stage } from './stage.ts';
import { failedAt } from './stage-failure.ts';

/** A stage ready to run. Either form is made when it is asked for. */
export interface CompiledStage {
  /** For rows of an operator: all columns of the stage's input. */
  readonly row: RowSink;
  /** For blocks of a source: the columns of `reads`, in that order. */
  readonly block: (columns: readonly ColumnVector[], block: ColumnarBlock) => void;
  readonly reads: readonly Attribute[];
  /** Whether views of a block's bytes may be kept. */
  readonly keepsBytes: boolean;
}

/** Makes a stage run: by generated JavaScript, or by closures where that is not allowed. */
export function compileStage(whole: Stage, setup: OperatorSetup): CompiledStage {
  const { stage, reads } = pruneStage(hoistJson(whole));
  const read = { ...stage, input: reads };
  return {
    get row() {
      return (setup.mayGenerate ? generateRows(stage, setup) : undefined) ?? interpretStage(stage, setup);
    },
    get block() {
      return (setup.mayGenerate ? generateBlocks(read, setup) : undefined) ?? interpretBlocks(read, setup);
    },
    reads,
    // Interpreted, every row has views.
    keepsBytes: !setup.mayGenerate || keepsBytes(read),
  };
}

function interpretBlocks(stage: Stage, setup: OperatorSetup): CompiledStage['block'] {
  const sink = interpretStage(stage, setup);
  const times = stage.steps.flatMap((step) => (step.kind === 'eventTime' ? [step.stats] : []));
  return (columns, block) => {
    const readers = columns.map(vectorReader);
    let i = 0;
    try {
      for (; i < block.count; i++) {
        for (const stats of times) stats.row = i;
        sink(rowAt(readers, i));
      }
    } catch (error) {
      throw failedAt(error, stage, block, i);
    }
  };
}

function rowAt(readers: readonly ((row: number) => InternalValue)[], at: number): InternalRow {
  return readers.map((reader) => reader(at));
}

/** Reads one column of a block. */
function vectorReader(vector: ColumnVector): (row: number) => InternalValue {
  switch (vector.kind) {
    case 'constant':
      return () => vector.value as InternalValue;
    case 'values':
      return (row) => vector.values[row] as InternalValue;
    case 'bytes': {
      const { bytes, from, until } = vector;
      return (row) => {
        const start = from[row] as number;
        const end = until[row] as number;
        return end < start ? null : bytes.subarray(start, end);
      };
    }
    default:
      return vector satisfies never;
  }
}
