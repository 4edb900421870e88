import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProgramSource, setProgramSource } from '../../batch/program-source.ts';
import { controlRuns } from '../../batch/run-control.ts';
import { StreamingContext } from '../../index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { failure, MillraceError, messageOf, raise } from '../../kernel/errors.ts';
import { useCommandMaster } from '../../kernel/master.ts';
import { host, installHost } from '../../io/host.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import { limitStuckThreads } from '../../node/threads.ts';
import { useCommandConfig } from '../../streaming/configuration.ts';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import { RunningQuery } from '../../structured/query/running-query.ts';
import { openDashboard } from '../dashboard/dashboard.ts';
import { openLivePage } from '../monitor/live-page.ts';
import { keptLateRows } from '../../monitor/query-history.ts';
import { watchProgram } from '../monitor/watch-program.ts';
import type { Terminal } from '../output/terminal.ts';
import type { ProgramModule } from './load-program.ts';
import type { ProgramThreadData } from './program-thread.ts';
import type { RunOptions } from './run-options.ts';
import { logToStandardError } from './json-console.ts';
import { callSetup, kindOf, type Setup, setupOf } from './setup-program.ts';
import { listenForShutdown, shutdownMs } from './shutdown.ts';
import { Supervisor } from './supervisor.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { noteTemporaryState } from './temporary-state.ts';
import { startWatchdog } from './watchdog.ts';

/** Plans are walked by recursion: with Node's ten frames the place in the program would be cut off. */
const frames = 60;

/** A program that can be started: where it comes from, and how its module is had. */
export interface Program {
  /** For messages. */
  readonly path: string;
  /** The file of the module: what other threads load. Absent where there is none. */
  readonly file?: string;
  load(): Promise<ProgramModule>;
}

/**
 * Runs a program in either form until it ends by itself, a limit is reached or a signal comes. Returns the status to end with.
 *
 * - A module without a default export has done everything while it was imported.
 * - A default export is the setup function: it builds the graph for a new or a known checkpoint, and the command does the rest.
 */
export async function runProgram(program: Program, options: RunOptions, terminal: Terminal): Promise<number> {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, frames);
  const watchdog = startWatchdog(options.batchTimeoutMs);
  limitStuckThreads(options.batchTimeoutMs);
  const supervisor = new Supervisor(options.limits, terminal, {
    batchStarted: (time) => {
      watchdog.batch(time);
    },
    batchEnded: () => {
      watchdog.batch(undefined);
    },
  });
  const shutdown = listenForShutdown(terminal);
  const stray = catchStrayErrors();
  const restoreConsole = terminal.mode.json ? logToStandardError() : () => undefined;
  installHost({
    ...host(),
    warn: (text) => terminal.warn(text.trimEnd()),
    ...(terminal.mode.json ? { write: printedAsEvent(terminal) } : {}),
  });
  useCommandConfig(options.conf ?? {});
  useCommandMaster(options.conf?.['spark.master']?.toString());
  let page: { close(): Promise<void> } | undefined;
  try {
    page = await openPage(program, options, supervisor, terminal);
    const finished = start(program, options, supervisor, terminal);
    // Whichever comes first; the others may still settle later and are of no interest then.
    finished.catch(() => undefined);
    await Promise.race([
      finished,
      stray.raised,
      shutdown.requested.then(async () => {
        await stopBySignal(supervisor, terminal);
      }),
    ]);
    terminal.event('stop', supervisor.totals);
    return 0;
  } catch (error) {
    // The others of its contexts end without their last batch; whatever they say now comes after the cause.
    await Promise.race([supervisor.stop(false).catch(() => undefined), delay(shutdownMs, undefined, { ref: false })]);
    throw error;
  } finally {
    restoreConsole();
    stray.close();
    shutdown.close();
    supervisor.close();
    await watchdog.stop();
    await page?.close();
  }
}

/** The live page and the dashboard, before the program is loaded: they see it from its first batch on. */
async function openPage(
  { path }: Program,
  { ui, dashboard }: RunOptions,
  supervisor: Supervisor,
  terminal: Terminal,
): Promise<{ close(): Promise<void> } | undefined> {
  const draws = dashboard === true && canDraw(terminal);
  if (ui === undefined && !draws) return undefined;
  const watched = watchProgram(path, systemClock);
  const release = controlRuns({
    measuring: {
      everyMs: 10_000,
      samples: 0,
      isWanted: () => watched.history.areStepsLookedAt,
      ...(ui === undefined ? {} : { lateRows: keptLateRows }),
    },
  });
  const stop = (): Promise<void> => {
    // Not awaited: the answer goes out before the page does.
    supervisor.stop(false).catch(() => undefined);
    return Promise.resolve();
  };
  const open: { close(): Promise<void> }[] = [];
  if (ui !== undefined) open.push(await openLivePage(watched, ui, { stop }, terminal));
  if (draws) open.push(openDashboard(watched.history, terminal));
  return {
    close: async () => {
      watched.close();
      release();
      for (const one of open.toReversed()) await one.close();
    },
  };
}

function canDraw(terminal: Terminal): boolean {
  if (process.stderr.isTTY && !terminal.mode.json && !terminal.mode.quiet) return true;
  terminal.note('--dashboard: not drawn, because standard error is no terminal.');
  return false;
}

/** What the program prints by itself, a console sink for example, must not break the JSON lines. */
function printedAsEvent(terminal: Terminal): (text: string) => Promise<void> {
  return async (text) => {
    terminal.event('output', { text });
    await Promise.resolve();
  };
}

async function start(program: Program, options: RunOptions, supervisor: Supervisor, terminal: Terminal): Promise<void> {
  const { path, file } = program;
  const { conf, args } = options;
  const threadData: ProgramThreadData | undefined =
    file === undefined ? undefined : { file, args, ...(conf === undefined ? {} : { conf }) };
  setProgramSource(sourceOf(threadData));
  const module = await loadWatched(program, options, terminal);
  const setup = setupOf(module);
  if (setup === undefined) {
    if (!supervisor.hasStarted) raise('CLI_PROGRAM_STARTED_NOTHING', { path });
  } else if (typeof setup === 'function') {
    const env = environment(options);
    const { brokers, checkpointDir, batchInterval } = env;
    setProgramSource(sourceOf(threadData && { ...threadData, env: { brokers, checkpointDir, batchInterval, args } }));
    const unwatch = options.checkpoint === undefined ? noteTemporaryState(checkpointDir, terminal) : undefined;
    try {
      await startContext(path, setup as Setup, { options, env, terminal, supervisor });
      await supervisor.ended();
    } finally {
      unwatch?.();
    }
    return;
  } else {
    raise('CLI_PROGRAM_DEFAULT_EXPORT', { path, actual: kindOf(setup) });
  }
  await supervisor.ended();
}

function sourceOf(data: ProgramThreadData | undefined): ProgramSource {
  return data === undefined ? { reason: 'it is in no file of its own' } : { entry: 'program', data };
}

/** A context that starts while the program is still being imported is one of a program at top level, which is given no `env`. */
async function loadWatched(
  program: Program,
  { forSetup = [] }: RunOptions,
  terminal: Terminal,
): Promise<ProgramModule> {
  const unwatch = onContextStarting(() => {
    if (forSetup.length === 0) return;
    const names = forSetup.map((name) => `--${name}`).join(', ');
    terminal.warn(`${names}: not used, because ${program.path} builds its context at top level.`);
  });
  try {
    return await program.load();
  } finally {
    unwatch();
  }
}

async function startContext(
  path: string,
  setup: Setup,
  {
    options,
    env,
    terminal,
    supervisor,
  }: {
    readonly options: RunOptions;
    readonly env: ProgramEnv;
    readonly terminal: Terminal;
    readonly supervisor: Supervisor;
  },
): Promise<void> {
  const built = await build(path, setup, env, supervisor);
  // A query runs from its own `start` on.
  if (!(built instanceof StreamingContext)) return;
  // What the program set itself holds, unless a checkpoint was asked for: then they must agree.
  const own = built.checkpointDir ?? (keepsState(built) ? env.checkpointDir : undefined);
  const directory = options.checkpoint === undefined ? own : env.checkpointDir;
  const context = directory === undefined ? built : await StreamingContext.getOrCreate(directory, () => built);
  terminal.event('start', {
    program: path,
    appName: context.appName,
    intervalMs: context.batchMs,
    checkpoint: directory ?? null,
  });
  await context.start();
}

/** Whether some step cannot do without a checkpoint directory. */
function keepsState({ graph }: StreamingContext): boolean {
  return graph.reachable().some((node) => node.needsCheckpoint || graph.checkpointMsOf(node) !== undefined);
}

async function build(
  path: string,
  setup: Setup,
  env: ProgramEnv,
  supervisor: Supervisor,
): Promise<StreamingContext | RunningQuery | undefined> {
  const result = await callSetup(path, setup, env);
  if (result instanceof StreamingContext || result instanceof RunningQuery) return result;
  // A program that only asks static data has nothing that goes on.
  if (result === undefined && supervisor.hasStarted) return undefined;
  // Several queries may have been started: then the first of them stands for all.
  const first: unknown = Array.isArray(result) ? result[0] : undefined;
  return first instanceof RunningQuery ? first : raise('CLI_PROGRAM_RESULT', { path, actual: kindOf(result) });
}

function environment(options: RunOptions): ProgramEnv {
  return {
    brokers: options.brokers,
    checkpointDir: options.checkpoint === undefined ? temporaryFolder('checkpoint') : resolve(options.checkpoint),
    batchInterval: options.intervalMs,
    args: options.args,
    clock: systemClock,
  };
}

async function stopBySignal(supervisor: Supervisor, terminal: Terminal): Promise<void> {
  const graceful = supervisor.contexts.some((context) =>
    context.config.flag('spark.streaming.stopGracefullyOnShutdown'),
  );
  const stopped = supervisor.stop(graceful).then(() => true);
  if (graceful) await stopped;
  else if (!(await Promise.race([stopped, delay(shutdownMs + 500, false, { ref: false })]))) {
    terminal.warn('The running batch did not end in time and was dropped; it runs again at the next start.');
  }
}

/** Errors of the program's own timers, events and promises, which no batch would ever see. */
function catchStrayErrors(): { readonly raised: Promise<never>; close(): void } {
  let reject: ((error: MillraceError) => void) | undefined;
  const raised = new Promise<never>((_, fail) => {
    reject = fail;
  });
  raised.catch(() => undefined);
  const handler = (kind: string) => (error: unknown) => {
    reject?.(
      error instanceof MillraceError
        ? error
        : failure('CLI_PROGRAM_UNHANDLED', { kind, problem: messageOf(error) }, { cause: error }),
    );
  };
  const onRejection = handler('a rejected promise');
  const onException = handler('an error');
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return {
    raised,
    close() {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
    },
  };
}
