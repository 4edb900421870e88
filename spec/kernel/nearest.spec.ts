import { expect, it } from '@jest/globals';
import { editDistance, nearest } from '../../lib/kernel/nearest.ts';

const known = ['port', 'host', 'dir', 'autoCreateTopics'];

it.each([
  ['prt', 'port'],
  ['PORT', 'port'],
  ['autocreatetopic', 'autoCreateTopics'],
  ['autoCreateTheTopic', 'autoCreateTopics'],
  ['zookeeper', undefined],
  ['x', undefined],
  ['', undefined],
])('takes %j for %j', (word, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

it('counts letters that are inserted, removed or replaced', () => {
  expect([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('abc', 'abc')]).toEqual([3, 3, 0]);
});
