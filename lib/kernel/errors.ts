import { type ErrorCode, type ErrorParams, errorCatalogue } from './error-catalogue.ts';
import type { ExitCode } from './error-entry.ts';

/** Where something went wrong, as far as it is known; every part is optional and named in the error's text. */
export interface ErrorWhere {
  readonly operator?: string;
  /** The column of a DataFrame that was being computed. */
  readonly column?: string;
  readonly batchTime?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly file?: string;
  /** The place in a SQL text, with carets below it. */
  readonly sql?: string;
}

export interface ErrorOptions {
  readonly cause?: unknown;
  readonly where?: ErrorWhere;
}

/**
 * The one error of Millrace: `[CODE] what happened. What to do.`
 *
 * `code` is API: it never changes its meaning. `params` holds the values that the text names. Users catch by `code`.
 *
 * @example
 * try { seconds(-1) } catch (e) { (e as MillraceError).code }   // => 'CONFIG_DURATION'
 */
export class MillraceError extends Error {
  override readonly name: string = 'MillraceError';
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, unknown>>;
  readonly where: ErrorWhere | undefined;
  readonly retriable: boolean;
  /** The status a command ends with when this error ends it (the table is in the README). */
  readonly exitCode: ExitCode;
  /** What to do about it, the last sentence of the text. */
  readonly remedy: string;

  constructor(code: ErrorCode, params: Readonly<Record<string, unknown>>, options: ErrorOptions = {}) {
    const entry = errorCatalogue[code];
    const remedy = fill(entry.remedy, params);
    const sql = options.where?.sql === undefined ? '' : `\n${printable(options.where.sql)}`;
    super(`[${code}] ${fill(entry.message, params)}${describeWhere(options.where, params)} ${remedy}${sql}`, {
      cause: options.cause,
    });
    this.code = code;
    this.params = params;
    this.where = options.where;
    this.retriable = entry.retriable ?? false;
    this.exitCode = entry.exit ?? 1;
    this.remedy = remedy;
  }
}

/** Builds the error of `code`; a parameter that the text names and the call leaves out does not compile. */
export function failure<C extends ErrorCode>(code: C, params: ErrorParams<C>, options?: ErrorOptions): MillraceError {
  return new MillraceError(code, params, options);
}

/** Throws the error of `code`. */
export function raise<C extends ErrorCode>(code: C, params: ErrorParams<C>, options?: ErrorOptions): never {
  throw failure(code, params, options);
}

/**
 * The coded error, told also where it happened; `undefined` for anything else. What it knows itself stays: the place nearest to the
 * fault is the right one.
 */
export function located(error: unknown, where: ErrorWhere): MillraceError | undefined {
  if (!(error instanceof MillraceError)) return undefined;
  const merged = { ...where, ...error.where };
  const copy = new MillraceError(error.code, error.params, { cause: error.cause, where: merged });
  if (error.stack !== undefined)
    copy.stack = `${copy.message}\n${error.stack
      .split('\n    at ')
      .slice(1)
      .map((at) => `    at ${at}`)
      .join('\n')}`;
  return copy;
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fill(template: string, params: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => printable(params[name]));
}

/** A value as long as a program would bury what is said of it. */
const LONGEST_VALUE = 10_000;

/** Values reach terminals: control characters are shown, never sent. */
function printable(value: unknown): string {
  const text = String(value);
  const shown = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
  return shown.replaceAll(
    /[\u0000-\u0008\u000B-\u001F\u007F]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function describeWhere(where: ErrorWhere | undefined, params: Readonly<Record<string, unknown>>): string {
  if (where === undefined) return '';
  const parts: string[] = [];
  // The sentence before may have named it already.
  if (where.operator !== undefined && where.operator !== params['operator']) parts.push(`operator ${where.operator}`);
  if (where.column !== undefined) parts.push(`column ${where.column}`);
  if (where.batchTime !== undefined) parts.push(`batch ${where.batchTime} ms`);
  if (where.topic !== undefined) parts.push(`topic ${where.topic}`);
  if (where.partition !== undefined) parts.push(`partition ${where.partition}`);
  if (where.offset !== undefined) parts.push(`offset ${where.offset}`);
  if (where.file !== undefined) parts.push(where.file);
  return parts.length === 0 ? '' : ` (${parts.map(printable).join(', ')})`;
}
