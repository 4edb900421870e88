import type { QuerySink } from '../query-sink.ts';

/** Throws every row away: for measuring, and for queries that matter for what they do on the way. */
export class NoopSink implements QuerySink {
  readonly description = 'noop-table';

  begin(): void {
    // Nothing is kept.
  }

  add(): void {
    // Nothing is kept.
  }

  async end(): Promise<void> {
    // Nothing is kept.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
