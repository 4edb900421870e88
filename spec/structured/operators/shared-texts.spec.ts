import { expect, it } from '@jest/globals';
import { SharedTexts } from '../../../lib/structured/operators/shared-texts.ts';

it('gives every row as it was', () => {
  const shared = new SharedTexts();
  const rows = [['a', 1, null], ['a', 2n, true], ['b', 'a', ''], []];
  expect(rows.map((row) => shared.of(row))).toEqual(rows);
});

it('goes on giving rows as they were when most texts of a column are different ones', () => {
  const shared = new SharedTexts();
  const rows = Array.from({ length: 20_000 }, (_, i) => [`id ${i}`, `kind ${i % 3}`]);
  expect(rows.map((row) => shared.of(row))).toEqual(rows);
});
