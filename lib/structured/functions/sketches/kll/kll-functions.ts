import type { FunctionDefinition } from '../../define-function.ts';
import { doubles, floats, longs } from './item-kind.ts';
import { kllMergeAgg, kllSketchAgg } from './kll-aggregates.ts';
import { kllScalars } from './kll-scalars.ts';

const kinds = [
  {
    suffix: 'bigint',
    kind: longs,
    takes: ['tinyint', 'int', 'bigint', 'smallint'],
    itemType: 'bigint',
    values: '1, 2, 3, 4, 5',
  },
  {
    suffix: 'float',
    kind: floats,
    takes: ['float'],
    itemType: 'float',
    values: '1F, 2F, 3F, 4F, 5F',
  },
  {
    suffix: 'double',
    kind: doubles,
    takes: ['float', 'double'],
    itemType: 'double',
    values: '1D, 2D, 3D, 4D, 5D',
  },
] as const;

/** Quantiles by sketches of Apache DataSketches. */
export const kllFunctions: readonly FunctionDefinition[] = [
  ...kinds.map(kllSketchAgg),
  ...kinds.map(kllMergeAgg),
  ...kinds.flatMap(kllScalars),
];
