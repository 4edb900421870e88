import { runControl } from '../../batch/run-control.ts';
import { host, type Threads } from '../../io/host.ts';
import { failure } from '../../kernel/errors.ts';
import { localThreads } from '../../kernel/master.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { TableSource } from '../../io/table-source.ts';
import type { QueryOptions } from '../backend.ts';
import type { CompiledQuery } from '../operators/compiled-query.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import { BatchThreads } from './batch-threads.ts';
import { QueryThreads } from './query-threads.ts';
import { sendPlan } from './sent-plan.ts';
import { whatStays } from './spread.ts';

/** What a query that may use several threads does in which of them. */
export interface ThreadChoice {
  readonly threads: Threads;
  readonly count: number;
  readonly master: string;
  /** Why a source is worked on here, by source. */
  readonly stays: ReadonlyMap<number, string>;
}

/** How many threads a query is spread over; undefined where it runs on this one, which is told with the reason when more were asked for. */
export function chooseThreads(
  plan: ResolvedPlan,
  options: QueryOptions,
  master: string | undefined,
  warn: (text: string) => void,
): ThreadChoice | undefined {
  if (master === undefined) return undefined;
  const { threads } = host();
  const count = localThreads(master, threads?.processors ?? 1) ?? 1;
  if (count === 1) return undefined;
  const reason = whyNot(options);
  if (threads !== undefined && reason === undefined) return { threads, count, master, stays: whatStays(plan) };
  tellOneThread(warn, { options, master, reason: reason ?? 'there are no threads on this host' });
  return undefined;
}

function whyNot({ late }: QueryOptions): string | undefined {
  const { hasNoEffects, measuring } = runControl();
  if (hasNoEffects === true || measuring !== undefined) return 'it is being looked at step by step';
  return late === undefined ? undefined : 'its late rows are given out one by one';
}

interface SpreadQuery {
  readonly plan: ResolvedPlan;
  readonly setup: OperatorSetup;
  readonly compiled: CompiledQuery;
  readonly options: QueryOptions;
  readonly sources: readonly { readonly id: number; readonly source: Pick<TableSource, 'description' | 'divide'> }[];
  readonly warn: (text: string) => void;
}

/** Starts the threads for the sources that are read in them; undefined where there are none. */
export function openThreads(
  { threads, count, master, stays }: ThreadChoice,
  { plan, setup, compiled, options, sources, warn }: SpreadQuery,
): BatchThreads | undefined {
  const read = new Set<number>();
  for (const { id, source } of sources) {
    const reason = stays.get(id) ?? (source.divide === undefined ? 'it has no partitions' : undefined);
    if (reason === undefined) read.add(id);
    else tellOneThread(warn, { options, master, reason, source: source.description });
  }
  if (read.size === 0) return undefined;
  const { mode, ansi, timeZone, mayGenerate, context } = setup;
  const data = { plan: sendPlan(plan), setup: { mode, ansi, timeZone, mayGenerate } };
  return new BatchThreads(new QueryThreads({ threads, count, data, warn }), { sources, read, compiled, context });
}

function tellOneThread(
  warn: (text: string) => void,
  told: { readonly options: QueryOptions; readonly master: string; readonly reason: string; readonly source?: string },
): void {
  const { options, master, reason, source } = told;
  const query = options.name === undefined ? 'The query' : `The query ${options.name}`;
  const what = source === undefined ? query : `${query}, for the rows of ${source},`;
  warn(failure('QUERY_ONE_THREAD', { what, master, reason }).message);
}
