import { type ErrorWhere, MillraceError, failure, messageOf } from '../../kernel/errors.ts';
import { plainText } from './plain-text.ts';
import { sourcePlaces } from './source-places.ts';
import { eventLine, type Terminal } from './terminal.ts';
import { placeOf, userFrames } from './user-frames.ts';

/**
 * Says what went wrong on standard error and returns the status to end with.
 *
 * People read `[CODE] what happened`, the place in their program, the remedy on a line of its own; the stack follows with
 * `--verbose`, and when it was the user's own function that threw. With `--json` it is one object on one line.
 * An error that is none of ours is a bug of ours: status 70.
 */
export function reportError(thrown: unknown, terminal: Terminal): number {
  const error = thrown instanceof MillraceError ? thrown : unexpected(thrown);
  const place = placeIn(error);
  const stack = stackToShow(error, terminal.mode.verbose);
  terminal.endStatus();
  if (terminal.mode.json) process.stderr.write(`${eventLine('error', asFields(error, place, stack))}\n`);
  else process.stderr.write(`${asText(error, place, stack, terminal)}\n`);
  return error.exitCode;
}

function asText(
  error: MillraceError,
  place: string | undefined,
  stack: string | undefined,
  terminal: Terminal,
): string {
  const lines = [terminal.style('red', plainText(whatHappened(error)))];
  if (place !== undefined) lines.push(plainText(`  at ${place}`));
  lines.push(plainText(error.remedy));
  if (stack !== undefined) lines.push(terminal.style('dim', plainText(stack)));
  return lines.join('\n');
}

function asFields(error: MillraceError, place: string | undefined, stack: string | undefined): Record<string, unknown> {
  return {
    code: error.code,
    message: whatHappened(error).replace(/^\[[\w.]+\] /u, ''),
    remedy: error.remedy,
    params: error.params,
    ...(error.where === undefined ? {} : { where: error.where satisfies ErrorWhere }),
    ...(place === undefined ? {} : { place }),
    ...(stack === undefined ? {} : { stack }),
    exitCode: error.exitCode,
  };
}

/** The text without its last sentence, which stands on a line of its own. */
function whatHappened(error: MillraceError): string {
  const { message, remedy } = error;
  return message.endsWith(remedy) ? message.slice(0, message.length - remedy.length).trimEnd() : message;
}

/** The innermost place in the user's own code that the error or one of its causes knows. */
function placeIn(error: MillraceError): string | undefined {
  if (error.where?.file !== undefined) return undefined;
  for (const link of [...causes(error)].toReversed()) {
    const frame = link instanceof Error ? userFrames(link.stack ?? '')[0] : undefined;
    if (frame !== undefined) return placeOf(frame) ?? frame.replace(/^at /u, '');
  }
  return undefined;
}

function stackToShow(error: MillraceError, verbose: boolean): string | undefined {
  const chain = [...causes(error)];
  if (verbose) return chain.map((link) => stackOf(link)).join('\nCaused by: ');
  const own = chain
    .slice(1)
    .findLast((link) => link instanceof Error && !(link instanceof MillraceError) && throwsInUserCode(link));
  if (!(own instanceof Error)) return undefined;
  const head = (own.stack ?? '').split('\n').findIndex((line) => /^\s+at /u.test(line));
  const title = (own.stack ?? own.message).split('\n').slice(0, Math.max(1, head)).join('\n');
  return [title, ...userFrames(own.stack ?? '').map((frame) => `    ${frame}`)].join('\n');
}

function throwsInUserCode(error: Error): boolean {
  return userFrames(error.stack ?? '').length > 0;
}

function stackOf(link: unknown): string {
  return link instanceof Error ? sourcePlaces(link.stack ?? link.message) : String(link);
}

function* causes(error: unknown): Generator {
  for (let link = error, depth = 0; link !== undefined && link !== null && depth < 10; depth++) {
    yield link;
    link = link instanceof Error ? link.cause : undefined;
  }
}

function unexpected(thrown: unknown): MillraceError {
  return failure('INTERNAL_INVARIANT', { what: messageOf(thrown) }, { cause: thrown });
}
