import { raise } from './kernel/errors.ts';

/**
 * Structured functions, meant for `import * as F from 'millrace/functions'`.
 *
 * The structured engine is not in this version: each of these says so when it is called, so that a program that is ahead of us ends
 * with `[NOT_YET]` and its mend instead of a missing import.
 */
export type StructuredFunction = (...args: readonly unknown[]) => never;

function notYet(name: string): StructuredFunction {
  return () =>
    raise('NOT_YET', {
      feature: `The structured function ${name}`,
      instead: 'Write the step with DStream operators until then.',
    });
}

export const approxCountDistinct: StructuredFunction = notYet('approxCountDistinct');
export const array: StructuredFunction = notYet('array');
export const avg: StructuredFunction = notYet('avg');
export const boolAnd: StructuredFunction = notYet('boolAnd');
export const boolOr: StructuredFunction = notYet('boolOr');
export const broadcast: StructuredFunction = notYet('broadcast');
export const col: StructuredFunction = notYet('col');
export const collectList: StructuredFunction = notYet('collectList');
export const collectSet: StructuredFunction = notYet('collectSet');
export const concat: StructuredFunction = notYet('concat');
export const count: StructuredFunction = notYet('count');
export const countDistinct: StructuredFunction = notYet('countDistinct');
export const countIf: StructuredFunction = notYet('countIf');
export const createMap: StructuredFunction = notYet('createMap');
export const dateTrunc: StructuredFunction = notYet('dateTrunc');
export const explode: StructuredFunction = notYet('explode');
export const expr: StructuredFunction = notYet('expr');
export const first: StructuredFunction = notYet('first');
export const fromJson: StructuredFunction = notYet('fromJson');
export const getJsonObject: StructuredFunction = notYet('getJsonObject');
export const isnull: StructuredFunction = notYet('isnull');
export const jsonTuple: StructuredFunction = notYet('jsonTuple');
export const last: StructuredFunction = notYet('last');
export const lit: StructuredFunction = notYet('lit');
export const lower: StructuredFunction = notYet('lower');
export const max: StructuredFunction = notYet('max');
export const maxBy: StructuredFunction = notYet('maxBy');
export const median: StructuredFunction = notYet('median');
export const min: StructuredFunction = notYet('min');
export const minBy: StructuredFunction = notYet('minBy');
export const percentileApprox: StructuredFunction = notYet('percentileApprox');
export const posexplodeOuter: StructuredFunction = notYet('posexplodeOuter');
export const rand: StructuredFunction = notYet('rand');
export const round: StructuredFunction = notYet('round');
export const rowNumber: StructuredFunction = notYet('rowNumber');
export const sessionWindow: StructuredFunction = notYet('sessionWindow');
export const size: StructuredFunction = notYet('size');
export const sortArray: StructuredFunction = notYet('sortArray');
export const split: StructuredFunction = notYet('split');
export const stddev: StructuredFunction = notYet('stddev');
export const stddevPop: StructuredFunction = notYet('stddevPop');
export const struct: StructuredFunction = notYet('struct');
export const sum: StructuredFunction = notYet('sum');
export const sumDistinct: StructuredFunction = notYet('sumDistinct');
export const toDate: StructuredFunction = notYet('toDate');
export const toJson: StructuredFunction = notYet('toJson');
export const toTimestamp: StructuredFunction = notYet('toTimestamp');
export const trim: StructuredFunction = notYet('trim');
export const unixMillis: StructuredFunction = notYet('unixMillis');
export const upper: StructuredFunction = notYet('upper');
export const varPop: StructuredFunction = notYet('varPop');
export const variance: StructuredFunction = notYet('variance');
export const when: StructuredFunction = notYet('when');
export const window: StructuredFunction = notYet('window');
export const windowTime: StructuredFunction = notYet('windowTime');
