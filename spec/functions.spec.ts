import { describe, expect, it } from '@jest/globals';
import * as F from '../lib/functions.ts';
import { allFunctions, findFunction } from '../lib/structured/functions/registry.ts';

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/gu, (_, letter: string) => letter.toUpperCase());
}

function one(x: F.Column): F.Column {
  return x;
}

function two(x: F.Column, y: F.Column): F.Column {
  return x.plus(y);
}

/** Functions that are written otherwise in programs. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ['if', 'when'],
  ['map', 'createMap'],
  ['timestampadd', 'timestampAdd'],
  ['timestampdiff', 'timestampDiff'],
]);

/** What PySpark has no builder for: WITHIN GROUP is syntax of SQL. */
const sqlOnly = new Set(['percentile_cont', 'percentile_disc', 'luhn_check']);

/** What builds no call of a function. */
const others = new Set(
  (
    'Column col column lit expr when asc ascNullsFirst ascNullsLast desc descNullsFirst descNullsLast callFunction callUdf udf broadcast ' +
    'transform filter exists forall aggregate reduce zipWith arraySort transformKeys transformValues mapFilter mapZipWith'
  ).split(' '),
);

describe('millrace/functions', () => {
  it('has a builder for every function of SQL', () => {
    const missing = allFunctions
      .filter(({ group, name }) => group !== 'operator' && !sqlOnly.has(name))
      .filter(
        ({ name, aliases = [] }) => ![name, ...aliases].some((each) => camelCase(each) in F) && !otherwise.has(name),
      )
      .map(({ name }) => name);
    expect(missing).toEqual([]);
    expect([...otherwise.values()].filter((name) => !(name in F))).toEqual([]);
  });

  it('builds calls of functions that there are', () => {
    const unknown = Object.entries(F)
      .filter(([name]) => !others.has(name))
      .filter(([, builder]) => {
        const build = builder as (...args: readonly string[]) => F.Column;
        const { expression } = build(...Array.from({ length: Math.max(build.length, 1) }, () => 'a'));
        return expression.kind !== 'call' || findFunction(expression.name) === undefined;
      })
      .map(([name]) => name);
    expect(unknown).toEqual([]);
  });

  it('builds the functions that take functions', () => {
    const built = [
      F.transform('a', one),
      F.filter('a', one),
      F.exists('a', one),
      F.forall('a', one),
      F.aggregate('a', 0, two, one),
      F.reduce('a', 0, two),
      F.zipWith('a', 'b', two),
      F.arraySort('a', two),
      F.transformKeys('m', two),
      F.transformValues('m', two),
      F.mapFilter('m', two),
      F.mapZipWith('m', 'n', (k, a, b) => k.plus(a).plus(b)),
    ];
    const names = built.map(({ expression }) => (expression.kind === 'call' ? expression.name : ''));
    expect(names.filter((name) => findFunction(name)?.lambdaParameters === undefined)).toEqual([]);
  });
});
