import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure, MillraceError, messageOf, raise } from '../../kernel/errors.ts';
import { enablePrograms } from '../../loader/register.ts';
import { userFrames } from '../output/user-frames.ts';
import { unlessStuck } from './unless-stuck.ts';

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
  enablePrograms(path);
  try {
    const imported = import(pathToFileURL(path).href) as Promise<ProgramModule>;
    return await unlessStuck(path, 'top level', imported);
  } catch (error) {
    throw await importFailed(path, error);
  }
}

/** The error for what a program threw in its top level or its setup function. */
export function programFailed(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  return failure('CLI_PROGRAM_THREW', { path, problem: messageOf(error) }, { cause: error });
}

async function importFailed(path: string, error: unknown): Promise<MillraceError> {
  if (error instanceof MillraceError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const problem = messageOf(error);
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return failure('CLI_PROGRAM_IMPORT', { path, problem: firstLine(problem) }, { cause: error });
  }
  return transformFailed(error) ?? (await parsingFailed(path, error)) ?? programFailed(path, error);
}

/** esbuild names the place on a line of its own: `<file>:<line>:<column>: ERROR: <what>`. */
function transformFailed(error: unknown): MillraceError | undefined {
  const [, place, what] = /\n(.+:\d+:\d+): ERROR: (.+)/u.exec(messageOf(error)) ?? [];
  return place === undefined || what === undefined ? undefined : syntaxError(place, what, error);
}

/** Node's SyntaxError of a module does not say where: esbuild looks for the place, in the program itself. */
async function parsingFailed(path: string, error: unknown): Promise<MillraceError | undefined> {
  if (!(error instanceof SyntaxError) || userFrames(error.stack ?? '').length > 0) return undefined;
  const { transform } = await import('esbuild');
  try {
    await transform(await readFile(path, 'utf8'), { sourcefile: path, logLevel: 'silent' });
  } catch (found) {
    return transformFailed(found);
  }
  // It is in a file that the program imports, or in what one file wants of another.
  return syntaxError(path, error.message, error);
}

function syntaxError(place: string, problem: string, cause: unknown): MillraceError {
  return failure('CLI_PROGRAM_SYNTAX', { problem: problem.replace(/\.$/u, '') }, { cause, where: { file: place } });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
