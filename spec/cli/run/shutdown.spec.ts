import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listenForShutdown, type Shutdown } from '../../../lib/cli/run/shutdown.ts';
import type { Terminal } from '../../../lib/cli/output/terminal.ts';
import { sameSignalMs } from '../../../lib/node/signals.ts';

describe('signals', () => {
  const said: string[] = [];
  const terminal = { note: (text: string) => said.push(text), endStatus: () => undefined } as unknown as Terminal;
  let now = 0;
  let ended: number[] = [];
  let shutdown: Shutdown;

  beforeEach(() => {
    [said.length, now, ended] = [0, 0, []];
    shutdown = listenForShutdown(terminal, 'Stopping.', { now: () => now, exit: (status) => ended.push(status) });
  });
  afterEach(() => {
    shutdown.close();
  });

  it.each([
    ['one asks for a stop', [['SIGINT', 0]], []],
    [
      'one that comes twice at once, as npm and timeout send it, is one',
      [
        ['SIGTERM', 0],
        ['SIGTERM', 1],
      ],
      [],
    ],
    [
      'a second one ends the process',
      [
        ['SIGINT', 0],
        ['SIGINT', sameSignalMs],
      ],
      [130],
    ],
    [
      'a second one of another kind does so at any time',
      [
        ['SIGINT', 0],
        ['SIGTERM', 0],
      ],
      [143],
    ],
  ] as const)('%s', async (_, signals, statuses) => {
    for (const [signal, at] of signals) {
      now = at;
      process.emit(signal, signal);
    }
    await shutdown.requested;
    expect([said, ended]).toEqual([['Stopping.'], statuses]);
  });
});
