import { expect, it } from '@jest/globals';
import { faultsAfter } from './receiver-kills.ts';

it('a receiver with the write-ahead log loses nothing that it acknowledged, and counts nothing twice, when it is killed', async () => {
  const { acknowledged, faults } = await faultsAfter(1);
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(10);
}, 60_000);
