import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure, MillraceError, messageOf, raise } from '../../kernel/errors.ts';
import { enablePrograms } from '../../loader/register.ts';
import { userFrames } from '../output/user-frames.ts';

/** A program as a module: what it exports decides its form (see `run-program.ts`). */
export type ProgramModule = Readonly<Record<string, unknown>>;

/** The absolute path of a program that exists. */
export function locateProgram(path: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute)) raise('CLI_PROGRAM_NOT_FOUND', { path });
  if (!/\.[mc]?[jt]s$/u.test(absolute) || !statSync(absolute).isFile()) raise('CLI_PROGRAM_KIND', { path });
  return absolute;
}

/** Imports a program; resolves when its top level has ended. What goes wrong is a coded error with the place in the user's file. */
export async function loadProgram(path: string): Promise<ProgramModule> {
  enablePrograms();
  try {
    return (await import(pathToFileURL(path).href)) as ProgramModule;
  } catch (error) {
    throw importFailed(path, error);
  }
}

/** The error for what a program threw in its top level or its setup function. */
export function programFailed(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  return failure('CLI_PROGRAM_THREW', { path, problem: messageOf(error) }, { cause: error });
}

function importFailed(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const problem = messageOf(error);
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return failure('CLI_PROGRAM_IMPORT', { path, problem: firstLine(problem) }, { cause: error });
  }
  // esbuild: "Transform failed with 1 error:\n<file>:<line>:<column>: ERROR: <what>".
  const [, place, what] = /\n(.+:\d+:\d+): ERROR: (.+)/u.exec(problem) ?? [];
  if (place !== undefined && what !== undefined) return syntaxError(place, what, error);
  // Node: the stack of a SyntaxError that was met while parsing begins with the place and has no frame in the user's code.
  if (error instanceof SyntaxError && userFrames(error.stack ?? '').length === 0) {
    const [, file] = /^(?:file:\/\/)?(\/.+:\d+)$/mu.exec(error.stack ?? '') ?? [];
    return syntaxError(file ?? path, problem, error);
  }
  return programFailed(path, error);
}

function syntaxError(place: string, problem: string, cause: unknown): MillraceError {
  return failure('CLI_PROGRAM_SYNTAX', { problem: problem.replace(/\.$/u, '') }, { cause, where: { file: place } });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
