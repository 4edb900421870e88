import type { ServerResponse } from 'node:http';
import { raise } from '../../kernel/errors.ts';
import type { LessonIntroduction, LessonList, LessonRun, LessonSolution } from '../../learn/lesson-answers.ts';
import { type Lesson, rightChoice } from '../../learn/lesson.ts';
import { lessonGroups } from '../../learn/lessons/index.ts';
import { runLesson } from '../../learn/run-lesson.ts';
import { loadAssets } from '../../monitor/assets.ts';
import {
  decodedPart,
  type LocalServer,
  onlyReads,
  send,
  sendAsset,
  startLocalServer,
} from '../../monitor/local-server.ts';
import { comparePolicy } from '../compare/html-page.ts';
import { servedComparePage } from '../compare/served-page.ts';
import { findLesson } from './find-lesson.ts';
import { lessonPage } from './lesson-page.ts';
import { lessonProgram, type LessonVersion, readLessonSource } from './lesson-programs.ts';
import { taskCommands } from './lesson-text.ts';
import { RunQueue } from './run-queue.ts';

export interface LessonServerSetup {
  readonly address: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The folder that the build puts the page's script and styles in. */
  readonly assetsFolder: string;
}

const maxRuns = 8;

const statuses = { LEARN_UNKNOWN_LESSON: 404, LEARN_BUSY: 429, COMPARE_PAIR_UNKNOWN: 404 } as const;

/**
 * Serves the lessons as a page. What runs are the programs that came with the package, on the engines of this process: nothing that a
 * browser sends is ever run.
 */
export async function startLessonServer(setup: LessonServerSetup): Promise<LocalServer> {
  const assets = await loadAssets(setup.assetsFolder);
  const runs = new RunQueue(maxRuns);
  const comparison = servedComparePage();
  return await startLocalServer({ ...setup, statuses }, async (request, response, { pathname, searchParams }) => {
    onlyReads(request);
    if (pathname === '/') send(response, 200, 'text/html', lessonPage());
    else if (pathname === '/compare') sendComparison(response, await comparison(searchParams.get('pair')));
    else if (pathname === '/api/lessons') sendJson(response, list());
    else if (pathname.startsWith('/api/lessons/')) {
      const [name = '', part, ...more] = pathname.slice('/api/lessons/'.length).split('/');
      const lesson = findLesson(decodedPart(name));
      if (more.length > 0) refusePart(pathname);
      sendJson(response, await answer(lesson, part, runs, response));
    } else sendAsset(assets, pathname, response);
  });
}

async function answer(
  lesson: Lesson,
  part: string | undefined,
  runs: RunQueue,
  response: ServerResponse,
): Promise<unknown> {
  const run = async (version: LessonVersion): Promise<readonly string[]> =>
    await runs.add(async () =>
      // Who has gone while others ran waits for nothing.
      response.destroyed ? [] : await runLesson(await lessonProgram(lesson.name, version)),
    );
  if (part === undefined) return await introduction(lesson);
  if (part === 'run') return outcome(lesson, await run('given'));
  if (part === 'solution') return await solution(lesson, await run('mended'));
  return refusePart(`/api/lessons/${lesson.name}/${part}`);
}

/** It is one file with its script in it, so it has a policy of its own: it may run that, and reach nothing. */
function sendComparison(response: ServerResponse, page: string): void {
  const policy = `${comparePolicy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  response.setHeader('content-security-policy', policy);
  send(response, 200, 'text/html', page);
}

function refusePart(path: string): never {
  return raise('MONITOR_NOT_FOUND', { what: `page ${path}`, hint: 'A lesson has /run and /solution.' });
}

function list(): LessonList {
  return {
    groups: lessonGroups.map(({ title, lessons }) => ({
      title,
      lessons: lessons.map((lesson) => ({ name: lesson.name, title: lesson.title })),
    })),
  };
}

async function introduction({ name, title, text, question, choices, compares }: Lesson): Promise<LessonIntroduction> {
  const source = await readLessonSource(name, 'given');
  return {
    name,
    title,
    text,
    question,
    choices: choices.map((choice) => ({ text: choice.text })),
    source,
    ...(compares === undefined ? {} : { compares }),
  };
}

function outcome(lesson: Lesson, lines: readonly string[]): LessonRun {
  const { name, seen, task } = lesson;
  return { lines, right: rightChoice(lesson, lines) ?? 0, seen, task, commands: taskCommands(name) };
}

async function solution({ name }: Lesson, lines: readonly string[]): Promise<LessonSolution> {
  return { source: await readLessonSource(name, 'mended'), lines };
}

function sendJson(response: ServerResponse, body: unknown): void {
  send(response, 200, 'application/json', JSON.stringify(body));
}
