import { resolve } from 'node:path';
import { controlRuns } from '../../batch/run-control.ts';
import { StreamingContext } from '../../index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import { type DescribedOperator, describeGraph } from '../../streaming/graph-description.ts';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import type { PlannedQuery } from '../../structured/query/dry-query.ts';
import { watchQueries } from '../../structured/query/running-queries.ts';
import { loadProgram } from '../run/load-program.ts';
import { callSetup, kindOf, type Setup, setupOf } from '../run/setup-program.ts';

/** What a program would run. */
export interface ProgramPlan {
  readonly contexts: readonly PlannedContext[];
  readonly queries: readonly PlannedQuery[];
}

export interface PlannedContext {
  readonly appName: string;
  readonly intervalMs: number;
  readonly operators: readonly DescribedOperator[];
}

/** What the values of `env` are while a program is only built. */
export interface PlanOptions {
  readonly brokers: string[];
  readonly intervalMs: number;
  readonly checkpoint: string | undefined;
  readonly args: readonly string[];
}

/** Builds a program of either form without starting anything: no broker is asked, no checkpoint is touched. */
export async function planProgram(path: string, file: string, options: PlanOptions): Promise<ProgramPlan> {
  const contexts = new Set<StreamingContext>();
  const queries: PlannedQuery[] = [];
  const ends = [
    controlRuns({ isDry: true, startsQuery: () => false }),
    onContextStarting((context) => contexts.add(context)),
    watchQueries({
      started: () => undefined,
      batchStarted: () => undefined,
      progressed: () => undefined,
      planned: (query) => {
        queries.push(query);
      },
    }),
  ];
  try {
    const setup = setupOf(await loadProgram(file));
    if (setup !== undefined) {
      if (typeof setup !== 'function') raise('CLI_PROGRAM_DEFAULT_EXPORT', { path, actual: kindOf(setup) });
      const built = await callSetup(path, setup as Setup, environment(options));
      if (built instanceof StreamingContext) contexts.add(built);
    }
  } finally {
    for (const end of ends) end();
  }
  if (contexts.size + queries.length === 0) raise('CLI_PROGRAM_STARTED_NOTHING', { path });
  return {
    contexts: [...contexts].map(({ appName, batchMs, graph }) => ({
      appName,
      intervalMs: batchMs,
      operators: describeGraph(graph),
    })),
    queries,
  };
}

function environment({ brokers, intervalMs, checkpoint, args }: PlanOptions): ProgramEnv {
  return {
    brokers,
    checkpointDir: resolve(checkpoint ?? 'checkpoint'),
    batchInterval: intervalMs,
    args,
    clock: systemClock,
  };
}
