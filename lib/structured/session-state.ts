import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { host } from '../io/host.ts';
import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { AnalysisSession, RegisteredFunction } from './analyzer/analysis-session.ts';
import type { Backend } from './backend.ts';
import type { SessionConf } from './conf.ts';
import { DataFrame } from './data-frame.ts';
import type { LogicalNode, LogicalPlan } from './plan/logical-plan.ts';
import { LocalBackend } from './query/local-backend.ts';
import { StreamingQueryManager } from './query/streaming-query-manager.ts';

/** What a session is made of; DataFrames, readers and writers share it. */
export class SessionState implements AnalysisSession {
  readonly conf: SessionConf;
  readonly clock: Clock;
  readonly streams: StreamingQueryManager;
  readonly backend: Backend;
  /** Where checkpoints are kept; the durable store unless a test brings its own. */
  readonly openCheckpoint?: CheckpointFactory;
  readonly #views = new Map<string, { readonly name: string; readonly plan: LogicalPlan }>();
  readonly #functions = new Map<string, RegisteredFunction>();
  #lastId = 0;

  constructor(settings: {
    readonly conf: SessionConf;
    readonly clock: Clock;
    readonly openCheckpoint?: CheckpointFactory;
  }) {
    this.conf = settings.conf;
    this.clock = settings.clock;
    if (settings.openCheckpoint !== undefined) this.openCheckpoint = settings.openCheckpoint;
    this.streams = new StreamingQueryManager(settings.clock, (text) => {
      host().warn(text);
    });
    this.backend = new LocalBackend(this);
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** A DataFrame of a plan; analyzed at once. */
  frameOf(plan: LogicalPlan): DataFrame {
    return new DataFrame(this, plan);
  }

  /** A DataFrame of a new node. */
  frame(node: LogicalNode): DataFrame {
    return this.frameOf({ ...node, planId: this.nextId() });
  }

  /** The DataFrame of a temporary view. */
  table(name: string): DataFrame {
    return this.frameOf(this.requireView(name));
  }

  view(name: string): LogicalPlan | undefined {
    return this.#views.get(name.toLowerCase())?.plan;
  }

  viewNames(): readonly string[] {
    return [...this.#views.values()].map(({ name }) => name);
  }

  setView(name: string, plan: LogicalPlan): void {
    this.#views.set(name.toLowerCase(), { name, plan });
  }

  dropView(name: string): boolean {
    return this.#views.delete(name.toLowerCase());
  }

  /** The plan of a view; raises `TABLE_OR_VIEW_NOT_FOUND` with the names that there are. */
  requireView(name: string): LogicalPlan {
    return (
      this.view(name) ??
      raise('TABLE_OR_VIEW_NOT_FOUND', { relationName: `\`${name}\``, known: this.viewNames().join(', ') || 'none' })
    );
  }

  registeredFunction(name: string): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  registerFunction(registered: RegisteredFunction): void {
    this.#functions.set(registered.name.toLowerCase(), registered);
  }
}
