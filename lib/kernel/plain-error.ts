import type { ErrorCode } from './error-catalogue.ts';
import { type ErrorWhere, messageOf, MillraceError } from './errors.ts';

/** A coded error as it crosses threads: classes do not. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, unknown>>;
  readonly where: ErrorWhere | undefined;
  readonly stack: string | undefined;
  readonly cause: PlainCause | undefined;
}

/** What a coded error was made for: an error of a user's function keeps its name and its stack. */
interface PlainCause {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function toPlain(error: unknown): PlainError {
  if (error instanceof MillraceError) {
    const { code, where, cause, stack } = error;
    const params = Object.fromEntries(Object.entries(error.params).map(([name, value]) => [name, plainValue(value)]));
    return { code, params, where, stack, cause: cause === undefined ? undefined : causeOf(cause) };
  }
  return {
    code: 'INTERNAL_INVARIANT',
    params: { what: messageOf(error) },
    where: undefined,
    stack: undefined,
    cause: causeOf(error),
  };
}

export function fromPlain({ code, params, where, stack, cause }: PlainError): MillraceError {
  const error = new MillraceError(code, params, {
    ...(where === undefined ? {} : { where }),
    ...(cause === undefined ? {} : { cause: Object.assign(Object.create(Error.prototype) as Error, cause) }),
  });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function causeOf(cause: unknown): PlainCause {
  return cause instanceof Error
    ? { name: cause.name, message: cause.message, stack: cause.stack }
    : { name: 'Error', message: messageOf(cause), stack: undefined };
}

/** Texts of errors are filled from these: what cannot be sent is sent as it would be told. */
function plainValue(value: unknown): unknown {
  const isPlain = value === null || !['object', 'function', 'symbol'].includes(typeof value);
  return isPlain ? value : messageOf(value);
}
