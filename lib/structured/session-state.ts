import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { host } from '../io/host.ts';
import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { AnalysisSession, NamedView, RegisteredFunction } from './analyzer/analysis-session.ts';
import type { Backend } from './backend.ts';
import type { SessionConf } from './conf.ts';
import { DataFrame } from './data-frame.ts';
import type { LogicalNode, LogicalPlan } from './plan/logical-plan.ts';
import { LocalBackend } from './query/local-backend.ts';
import { StreamingQueryManager } from './query/streaming-query-manager.ts';
import { parseColumnName } from './sql/parse-expression.ts';
import { GLOBAL_TEMP, Views } from './views.ts';

/** What a session is made of; DataFrames, readers and writers share it. */
export class SessionState implements AnalysisSession {
  readonly conf: SessionConf;
  readonly clock: Clock;
  readonly streams: StreamingQueryManager;
  readonly backend: Backend;
  /** Where checkpoints are kept; the durable store unless a test brings its own. */
  readonly openCheckpoint?: CheckpointFactory;
  readonly views = new Views();
  /** Shared by all sessions that come of one another. */
  readonly globalViews: Views;
  readonly #functions = new Map<string, RegisteredFunction>();
  #lastId = 0;

  constructor(settings: {
    readonly conf: SessionConf;
    readonly clock: Clock;
    readonly openCheckpoint?: CheckpointFactory;
    readonly globalViews?: Views;
  }) {
    this.conf = settings.conf;
    this.clock = settings.clock;
    this.globalViews = settings.globalViews ?? new Views();
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

  /** The DataFrame of a temporary view, by its name as it is written in SQL. */
  table(name: string): DataFrame {
    const parts = parseColumnName(name) ?? [name];
    this.requireView(parts);
    const relation: LogicalNode = { kind: 'relation', parts };
    return this.frame({ kind: 'alias', child: { ...relation, planId: this.nextId() }, name: parts.at(-1) ?? '' });
  }

  view(parts: readonly string[]): NamedView | undefined {
    const found = this.#viewsOf(parts);
    return found?.find(parts.at(-1) ?? '');
  }

  viewNames(): readonly string[] {
    return [...this.views.names(), ...this.globalViews.names().map((name) => `${GLOBAL_TEMP}.${name}`)];
  }

  setView(name: string, plan: LogicalPlan): void {
    this.views.set(name, { plan, session: this }, false);
  }

  dropView(parts: readonly string[]): boolean {
    return this.#viewsOf(parts)?.drop(parts.at(-1) ?? '') ?? false;
  }

  /** The plan of a view; raises `TABLE_OR_VIEW_NOT_FOUND` with the names that there are. */
  requireView(parts: readonly string[]): NamedView {
    const relationName = parts.map((part) => `\`${part}\``).join('.');
    return (
      this.view(parts) ??
      raise('TABLE_OR_VIEW_NOT_FOUND', { relationName, known: this.viewNames().join(', ') || 'none' })
    );
  }

  /** Temporary views have no schema, global ones are in `global_temp`. */
  #viewsOf(parts: readonly string[]): Views | undefined {
    if (parts.length === 1) return this.views;
    return parts.length === 2 && parts[0]?.toLowerCase() === GLOBAL_TEMP ? this.globalViews : undefined;
  }

  registeredFunction(name: string): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  registerFunction(registered: RegisteredFunction): void {
    this.#functions.set(registered.name.toLowerCase(), registered);
  }
}
