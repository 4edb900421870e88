import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareStates, type Comparison } from '../../../lib/cli/replay/compare-states.ts';
import { replayableVersion, rewound } from '../../../lib/cli/replay/rewound-store.ts';
import { runOnce } from '../../../lib/cli/replay/run-once.ts';
import { requireSetup } from '../../../lib/cli/run/setup-program.ts';
import { ManualClock, StreamingContext } from '../../../lib/index.ts';
import type { ProgramEnv } from '../../../lib/kernel/program.ts';
import { openReadOnly } from '../../../lib/lmdb/open-read-only.ts';

let folder = '';
const printed: string[] = [];

/** Counts the words of files; what it prints is written down. `extra` is what a program may have got wrong since. */
function program(extra = 0) {
  return (env: ProgramEnv): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'replayed', batchInterval: 1000, clock: env.clock });
    ssc.checkpoint(env.checkpointDir);
    ssc.setPrinter((text) => {
      printed.push(text);
    });
    ssc
      .textFileStream(join(folder, 'in'))
      .map((word) => [word, 1] as const)
      .updateStateByKey(
        (counts, total: number | null) => (total ?? 0) + counts.length + (counts.length > 1 ? extra : 0),
      )
      .name('counts')
      .print();
    return ssc;
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-spec-'));
  mkdirSync(join(folder, 'in'));
  const clock = new ManualClock(Math.ceil(Date.now() / 1000) * 1000 + 1000);
  const env = { brokers: [], checkpointDir: join(folder, 'state'), batchInterval: 1000, args: [], clock };
  const context = await StreamingContext.getOrCreate(env.checkpointDir, () => program()(env));
  await context.start();
  for (const [i, words] of ['a', 'a a b', 'c'].entries()) {
    writeFileSync(join(folder, `${i}`), `${words.replaceAll(' ', '\n')}\n`);
    utimesSync(join(folder, `${i}`), clock.now() / 1000 + 0.5, clock.now() / 1000 + 0.5);
    renameSync(join(folder, `${i}`), join(folder, 'in', `${i}`));
    await clock.advance(1000);
  }
  await context.stop();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the batch of a version again on a copy, by a program, and compares. */
async function replay(version: number, setup: (env: ProgramEnv) => unknown, hasEffects = false): Promise<Comparison> {
  const directory = join(folder, 'state');
  const view = openReadOnly(directory);
  const copy = mkdtempSync(join(folder, 'copy-'));
  try {
    await view.copyTo(copy);
    const last = view.read(
      (moment) => moment.versions.find(({ record }) => record.version === version)?.record.batchTime ?? 0,
    );
    await runOnce({
      path: 'program.ts',
      setup,
      directory,
      checkpointDir: directory,
      env: { brokers: [], batchInterval: 1000, args: [] },
      last,
      openCheckpoint: rewound(directory, copy, version - 1),
      hasEffects,
      timeoutMs: 20_000,
    });
    const again = openReadOnly(copy);
    try {
      return view.read((moment) =>
        again.read((now) => {
          const record = moment.versions.find((one) => one.record.version === version)?.record;
          const done = now.versions.at(-1)?.record;
          if (record === undefined || done === undefined) throw new RangeError('no version');
          expect(done.batchTime).toBe(last);
          return compareStates({ moment, record }, { moment: now, record: done });
        }),
      );
    } finally {
      await again.close();
    }
  } finally {
    await view.close();
  }
}

function withAnotherInput(env: ProgramEnv): StreamingContext {
  const ssc = program()(env);
  ssc.textFileStream(join(folder, 'in')).print();
  return ssc;
}

function elsewhere(env: ProgramEnv): unknown {
  return program()({ ...env, checkpointDir: join(folder, 'other') });
}

describe('running a committed batch again', () => {
  it.each([1, 2, 3])('leaves the same state and positions: version %i', async (version) => {
    const before = printed.length;
    expect(await replay(version, program())).toMatchObject({ differences: [], offsets: [] });
    expect(printed).toHaveLength(before);
  });

  it('lists by key what another program leaves', async () => {
    const { differences } = await replay(2, program(10));
    expect(differences).toMatchObject([
      { table: { operator: 'counts', name: 'state' }, change: 'changed', key: 'a', from: 3, to: 13 },
    ]);
  });

  it('runs output operations when it is to', async () => {
    const before = printed.length;
    await replay(2, program(), true);
    expect(printed.slice(before).join('')).toContain('(b,1)\n(a,3)\n');
  });

  it('refuses a program of other inputs', async () => {
    await expect(replay(2, withAnotherInput)).rejects.toMatchObject({ code: 'CHECKPOINT_OPERATOR_MISMATCH' });
  });

  it('refuses a program that keeps its checkpoint elsewhere, or does not say how it is built', async () => {
    await expect(replay(2, elsewhere)).rejects.toMatchObject({ code: 'CLI_REPLAY_PROGRAM' });
    await expect(replay(2, () => undefined)).rejects.toMatchObject({ code: 'CLI_REPLAY_PROGRAM' });
    expect(() => requireSetup('a.ts', {}, 'replay')).toThrow('[CLI_PROGRAM_NO_SETUP]');
  });

  it.each([
    [[2, 3, 4], 3, undefined],
    [[2, 3, 4], 2, 'the state before it is not retained any more'],
    [[2, 3, 4], 9, 'it is not among those that are retained'],
    [[1, 2], 1, undefined],
    [[5], 5, 'the state before it is not retained any more'],
  ])('of versions %p, batch %i', (versions, batch, reason) => {
    const moment = {
      program: undefined,
      pendingPlans: [],
      tablesAt: () => [],
      tableAt: () => new Map<never, never>(),
      sizeAt: () => ({ rows: 0, sizeBytes: 0 }),
      versions: versions.map((version) => ({
        record: { version, batchTime: version, offsets: {}, meta: {}, records: 0 },
        plans: [],
      })),
    };
    let outcome: unknown;
    try {
      outcome = replayableVersion(moment, batch).record.version;
    } catch (error) {
      outcome = (error as Error).message;
    }
    expect(String(outcome)).toContain(reason ?? String(batch));
  });
});
