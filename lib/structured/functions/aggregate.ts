import { approximateAggregates } from './aggregates/approximate.ts';
import { basicAggregates } from './aggregates/basics.ts';
import { bitmapAggregates } from './aggregates/bitmaps.ts';
import { collectionAggregates } from './aggregates/collections.ts';
import { countMinSketchFunction } from './aggregates/count-min-sketch.ts';
import { histogramNumeric } from './aggregates/histogram.ts';
import { listaggFunction } from './aggregates/listagg.ts';
import { momentFunctions } from './aggregates/moments.ts';
import { percentileAggregates } from './aggregates/percentiles.ts';
import { regressionFunctions } from './aggregates/regression.ts';
import { sumFunctions } from './aggregates/sums.ts';
import { topKFunctions } from './sketches/frequent-items/top-k-functions.ts';
import { kllFunctions } from './sketches/kll/kll-functions.ts';
import type { FunctionDefinition } from './define-function.ts';
import { hllAggregates } from './sketches/hll/functions.ts';
import { thetaAggregates } from './sketches/theta/functions.ts';

export const aggregateFunctions: readonly FunctionDefinition[] = [
  ...basicAggregates,
  ...sumFunctions,
  ...momentFunctions,
  ...regressionFunctions,
  ...collectionAggregates,
  ...percentileAggregates,
  listaggFunction,
  histogramNumeric,
  countMinSketchFunction,
  ...bitmapAggregates,
  ...approximateAggregates,
  ...hllAggregates,
  ...thetaAggregates,
  ...kllFunctions,
  ...topKFunctions,
];
