import type { Clock } from '../kernel/clock.ts';
import type { ProgramFacts } from './facts.ts';
import { QueryHistory, type WatchedQuery } from './query-history.ts';
import { StreamHistory, type WatchedStream } from './stream-history.ts';

/** Who looks at the steps of a program asks again within this time. */
const lookMs = 15_000;
/** Ended queries that are still shown: a program may start and end one after the other for days. */
const keptEnded = 50;

/**
 * Everything that is known of a running program: one history for each context and query, in the order of their starts. Whoever shows it
 * subscribes and is told that something has changed, not what.
 */
export class History {
  readonly #program: string;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #streams: StreamHistory[] = [];
  readonly #queries: QueryHistory[] = [];
  readonly #subscribers = new Set<() => void>();
  #lookedMs = Number.NEGATIVE_INFINITY;
  isStepping = false;

  constructor(program: string, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
    this.#startedMs = clock.now();
  }

  /** A context that starts; what is returned wants its events. */
  addStream(stream: Omit<WatchedStream, 'id'>): StreamHistory {
    const history = new StreamHistory({ ...stream, id: String(this.#streams.length) }, this.#clock, this.#changed);
    this.#streams.push(history);
    this.#changed();
    return history;
  }

  addQuery(query: WatchedQuery): QueryHistory {
    const history = new QueryHistory(query, this.#clock, this.#changed);
    this.#queries.push(history);
    if (this.#queries.length > keptEnded) {
      const ended = this.#queries.findIndex(({ facts }) => facts.state !== 'active');
      if (ended !== -1) this.#queries.splice(ended, 1);
    }
    this.#changed();
    return history;
  }

  get streams(): readonly StreamHistory[] {
    return this.#streams;
  }

  get queries(): readonly QueryHistory[] {
    return this.#queries;
  }

  /** Somebody looks at what the steps of contexts do: they are measured for a while. */
  lookAtSteps(): void {
    this.#lookedMs = this.#clock.now();
  }

  get areStepsLookedAt(): boolean {
    return this.#clock.now() - this.#lookedMs < lookMs;
  }

  /** Calls `told` after each change; returns what ends it. */
  subscribe(told: () => void): () => void {
    this.#subscribers.add(told);
    return () => this.#subscribers.delete(told);
  }

  get facts(): ProgramFacts {
    return {
      v: 1,
      program: this.#program,
      startedMs: this.#startedMs,
      nowMs: this.#clock.now(),
      isStepping: this.isStepping,
      streams: this.#streams.map(({ facts }) => facts),
      queries: this.#queries.map(({ facts }) => facts),
    };
  }

  readonly #changed = (): void => {
    for (const told of this.#subscribers) told();
  };
}
