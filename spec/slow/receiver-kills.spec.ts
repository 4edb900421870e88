import { expect, it } from '@jest/globals';
import { faultsAfter } from '../faults/receiver-kills.ts';

it('a receiver that is killed 20 times at any moment loses nothing that it acknowledged and counts nothing twice', async () => {
  const { acknowledged, faults } = await faultsAfter(Number(process.env['MILLRACE_KILLS'] ?? 20));
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(200);
}, 600_000);
