import type { Clock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { History } from '../../monitor/history.ts';
import type { QueryHistory } from '../../monitor/query-history.ts';
import type { StateReader } from '../../monitor/state-facts.ts';
import { describeGraph } from '../../streaming/graph-description.ts';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import type { StreamingContext } from '../../streaming/streaming-context.ts';
import { watchQueries } from '../../structured/query/running-queries.ts';
import type { RunningQuery } from '../../structured/query/running-query.ts';
import { StoreStateReader } from './store-state-reader.ts';

/** The history of the program that runs in this process, and what else can be looked at while it runs. */
export interface WatchedProgram {
  readonly history: History;
  /** State by the number of a context or the run id of a query; undefined when that does not run. */
  stateOf(id: string): StateReader | undefined;
  close(): void;
}

/** Watches every context and query that is started in this process from now on, whoever starts it. */
export function watchProgram(program: string, clock: Clock): WatchedProgram {
  const history = new History(program, clock);
  const contexts = new Map<string, StreamingContext>();
  const queries = new Map<string, RunningQuery>();
  const histories = new Map<string, QueryHistory>();
  const adoptQuery = (query: RunningQuery): QueryHistory => {
    queries.set(query.runId, query);
    const { id, runId, name, inspection } = query;
    const nodes = inspection.nodes;
    const graph = {
      operators: nodes.map(({ id: node, kind, inputs, keepsState, detail }) => ({
        id: node,
        kind,
        inputs,
        keepsState,
        detail,
        isOutput: false,
      })),
    };
    const one = history.addQuery({ id, runId, name, graph, status: () => query.status.message });
    histories.set(runId, one);
    return one;
  };
  const unwatch = [
    onContextStarting((context) => {
      const one = history.addStream({
        appName: context.appName,
        intervalMs: context.batchMs,
        checkpoint: context.checkpointDir,
        operators: describeGraph(context.graph),
      });
      contexts.set(one.id, context);
      context.addStreamingListener(one);
      void ended(context.awaitTermination(), (error) => {
        contexts.delete(one.id);
        one.ended(error);
      });
    }),
    watchQueries({
      started: (query) => {
        adoptQuery(query);
      },
      batchStarted: () => undefined,
      progressed: (progress, detail) => {
        histories.get(progress.runId)?.progressed(progress, detail);
      },
      ended: (query) => {
        queries.delete(query.runId);
        histories.get(query.runId)?.ended(query.exception?.message);
      },
    }),
  ];
  return {
    history,
    stateOf: (id) => {
      const query = queries.get(id);
      if (query !== undefined) {
        const { store, checkpoint, watermarkDelayMs } = query.inspection;
        return new StoreStateReader(store, checkpoint, watermarkDelayMs);
      }
      const context = contexts.get(id);
      return context?.run === undefined
        ? undefined
        : new StoreStateReader(context.run.store, context.checkpointDir, undefined);
    },
    close: () => {
      for (const end of unwatch) end();
    },
  };
}

async function ended(termination: Promise<unknown>, tell: (error?: string) => void): Promise<void> {
  try {
    await termination;
    tell();
  } catch (error) {
    tell(messageOf(error));
  }
}
