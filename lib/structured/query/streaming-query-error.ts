import { type ErrorOptions, messageOf, MillraceError } from '../../kernel/errors.ts';
import type { ExitCode } from '../../kernel/error-entry.ts';

/**
 * A query that ended with an error: `STREAM_FAILED`, with the cause and the batch in which it happened. A command ends with the
 * status of the cause.
 */
export class StreamingQueryError extends MillraceError {
  override readonly name: string = 'StreamingQueryError';
  override readonly exitCode: ExitCode;
  readonly id: string;
  readonly runId: string;
  /** The batch that failed; undefined when it happened between batches. */
  readonly batchId: number | undefined;

  constructor(query: { readonly id: string; readonly runId: string }, batchId: number | undefined, cause: unknown) {
    const options: ErrorOptions =
      cause instanceof MillraceError && cause.where !== undefined ? { cause, where: cause.where } : { cause };
    const batch = batchId === undefined ? 'between batches' : `in batch ${batchId}`;
    super('STREAM_FAILED', { id: query.id, runId: query.runId, batch, message: messageOf(cause) }, options);
    this.exitCode = cause instanceof MillraceError ? cause.exitCode : 1;
    this.id = query.id;
    this.runId = query.runId;
    this.batchId = batchId;
  }
}
