import { afterAll, beforeAll } from '@jest/globals';

import { killContract } from '../contracts/kill.contract.ts';
import { Workplace } from '../faults/running-program.ts';

const place = new Workplace();
let bootstrap = '';

beforeAll(async () => {
  const broker = place.start('broker', '--port', '0', '--dir', place.path('broker'));
  bootstrap = /127\.0\.0\.1:\d+/u.exec(await broker.printed(/Kafka broker on/u))?.[0] ?? '';
}, 30_000);

afterAll(() => {
  place[Symbol.dispose]();
});

const kills = Number(process.env['MILLRACE_KILLS'] ?? 50);
killContract('on the embedded broker', () => bootstrap, kills);
killContract('on the embedded broker', () => bootstrap, kills, 'lmdb-rows');
