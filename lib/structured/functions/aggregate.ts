import { approximateAggregates } from './aggregates/approximate.ts';
import { basicAggregates } from './aggregates/basics.ts';
import { collectionAggregates } from './aggregates/collections.ts';
import { momentFunctions } from './aggregates/moments.ts';
import { regressionFunctions } from './aggregates/regression.ts';
import { sumFunctions } from './aggregates/sums.ts';
import type { FunctionDefinition } from './define-function.ts';

export const aggregateFunctions: readonly FunctionDefinition[] = [
  ...basicAggregates,
  ...sumFunctions,
  ...momentFunctions,
  ...regressionFunctions,
  ...collectionAggregates,
  ...approximateAggregates,
];
