import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LessonProgram } from '../../testing/lesson-desk.ts';
import { packageFolder } from '../package.ts';

export type LessonVersion = 'given' | 'mended';

/** The source of a lesson's program, for people. */
export function lessonSource(name: string, version: LessonVersion): string {
  return join(packageFolder, 'samples', 'lessons', `${name}-${version}.ts`);
}

export async function readLessonSource(name: string, version: LessonVersion): Promise<string> {
  return await readFile(lessonSource(name, version), 'utf8');
}

/** The program itself, compiled with the package. */
export async function lessonProgram(name: string, version: LessonVersion): Promise<LessonProgram> {
  const path = join(packageFolder, 'dist', 'lessons', `${name}-${version}.js`);
  return ((await import(pathToFileURL(path).href)) as { readonly default: LessonProgram }).default;
}
