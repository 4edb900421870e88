import { w1, w1c } from './w1.mjs';
import { w2, w2s } from './w2.mjs';
import { w3, w3s } from './w3.mjs';
import { w4, w4m, w4o, w4of10, w4of4, w4t } from './w4.mjs';
import { w6, w6of10 } from './w6.mjs';
import { wordCount } from './word-count.mjs';

/** The workloads that are programs of DStreams, each made for a scale. */
export const streams = {
  W1: w1,
  W1c: w1c,
  W2: w2,
  W2s: w2s,
  W3: w3,
  W3s: w3s,
  W4: w4,
  W4t: w4t,
  W4m: w4m,
  W4o: w4o,
  W4of4: w4of4,
  W4of10: w4of10,
  W6: w6,
  W6of10: w6of10,
  start: wordCount,
};
