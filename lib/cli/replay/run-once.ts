import { resolve } from 'node:path';
import { controlRuns } from '../../batch/run-control.ts';
import type { CheckpointFactory } from '../../batch/checkpoint.ts';
import { StreamingContext } from '../../index.ts';
import { messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import { ManualClock } from '../../kernel/manual-clock.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import { watchQueries } from '../../structured/query/running-queries.ts';
import type { RunningQuery } from '../../structured/query/running-query.ts';
import { callSetup, type Setup } from '../run/setup-program.ts';

export interface OnceOptions {
  readonly path: string;
  readonly setup: Setup;
  readonly directory: string;
  /** What `env.checkpointDir` is, where that is not the directory itself. */
  readonly checkpointDir: string;
  readonly env: Omit<ProgramEnv, 'checkpointDir' | 'clock'>;
  /** The last batch that runs. */
  readonly last: number;
  readonly openCheckpoint: CheckpointFactory;
  readonly hasEffects: boolean;
  readonly timeoutMs: number;
}

/**
 * Runs the batches that are pending in a store up to one, and stops. The clock stands at the last batch, so that no batch of the present
 * is cut.
 */
export async function runOnce(options: OnceOptions): Promise<void> {
  const { path, setup, directory, last } = options;
  const clock = new ManualClock(last);
  const queries: RunningQuery[] = [];
  let failure: { readonly error: unknown } | undefined;
  let context: StreamingContext | undefined;
  const ends = [
    controlRuns({
      clock,
      openCheckpoint: options.openCheckpoint,
      hasNoEffects: !options.hasEffects,
      startsQuery: (location) => location !== undefined && resolve(location) === resolve(directory),
      beforeBatch: async (batch) => {
        if (batch > last) await never;
      },
    }),
    watchQueries({
      started: (query) => queries.push(query),
      batchStarted: () => undefined,
      progressed: () => undefined,
    }),
  ];
  try {
    const built = await callSetup(path, setup, { ...options.env, checkpointDir: options.checkpointDir, clock });
    if (built instanceof StreamingContext) {
      const own = built.checkpointDir;
      if (own !== undefined && resolve(own) !== resolve(directory)) {
        raise('CLI_REPLAY_PROGRAM', { path, directory, hint: `It uses ${own}.` });
      }
      context = await StreamingContext.getOrCreate(own ?? directory, () => built);
      await context.start();
      context.awaitTermination().catch((error: unknown) => {
        failure = { error };
      });
    } else if (queries.length === 0) {
      const hint = 'Its queries keep their checkpoints elsewhere; --checkpoint DIR says what env.checkpointDir was.';
      raise('CLI_REPLAY_PROGRAM', { path, directory, hint });
    }
    await settled(clock, queries, options);
    const failed = queries.find(({ exception }) => exception !== null)?.exception ?? undefined;
    if (failed !== undefined) throw failed;
    if (failure !== undefined) throw failure.error;
  } finally {
    for (const query of queries) await query.stop();
    if (context?.getState() === 'ACTIVE') await context.stop();
    for (const end of ends) end();
  }
}

const never = new Promise<void>(() => undefined);

/** Until all that may run has run: the clock has nothing left that is at work, or a query waits for more. */
async function settled(
  clock: ManualClock,
  queries: readonly RunningQuery[],
  { last, timeoutMs }: OnceOptions,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((wake) => {
    timer = setTimeout(wake, timeoutMs, 'late');
  });
  const over = async (): Promise<void> => {
    await clock.idle();
    // Queries plan again until nothing is left, or they wait before the batch that may not run.
    if (queries.some(({ isActive }) => isActive)) await clock.advance(0);
  };
  try {
    if ((await Promise.race([over(), late])) === 'late') {
      raise('CLI_REPLAY_BATCH', {
        batch: last,
        reason: `it did not end within ${timeoutMs} ms`,
        hint: '--batch-timeout gives it longer.',
      });
    }
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    raise('INTERNAL_INVARIANT', { what: messageOf(error) }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
