import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { installHost } from '../../io/host.ts';
import { messageOf, raise } from '../../kernel/errors.ts';
import { type Lesson, nearestShown, rightChoice, whatIsMissing } from '../../learn/lesson.ts';
import { lessons } from '../../learn/lessons/index.ts';
import { runLesson } from '../../learn/run-lesson.ts';
import { nodeHost } from '../../node/host.ts';
import type { LessonProgram } from '../../testing/lesson-desk.ts';
import type { CommandRequest } from '../command.ts';
import { type Flags, refuse } from '../flags.ts';
import { findLesson } from '../learn/find-lesson.ts';
import { lessonProgram, lessonSource, readLessonSource } from '../learn/lesson-programs.ts';
import { lessonIntroduction, lessonOutcome, lessonSolution } from '../learn/lesson-text.ts';
import { assetsFolder, readUi, type UiAddress } from '../monitor/live-page.ts';
import { columnsOf, type Terminal } from '../output/terminal.ts';
import { listText } from '../output/two-columns.ts';
import { loadProgram, locateProgram } from '../run/load-program.ts';
import { listenForShutdown } from '../run/shutdown.ts';

const widestLine = 100;

/** `millrace learn`: lists the lessons, runs one, checks a mended program. */
export async function learn({ words, flags, terminal }: CommandRequest): Promise<number> {
  const name = words['lesson'];
  const lesson = typeof name === 'string' ? findLesson(name) : undefined;
  const ui = readUi(flags);
  if (ui !== undefined) return await serve(lesson, ui, flags, terminal);
  if (lesson === undefined) return list(terminal);
  installHost(nodeHost);
  const copy = flags.text('copy');
  if (copy !== undefined) return await copyTo(lesson, copy, terminal);
  const file = flags.text('check');
  if (file !== undefined) return await check(lesson, file, terminal);
  return flags.has('solution') ? await solve(lesson, terminal) : await teach(lesson, flags, terminal);
}

/** Serves the lessons as a page until a signal comes. */
async function serve(lesson: Lesson | undefined, ui: UiAddress, flags: Flags, terminal: Terminal): Promise<number> {
  const other = ['answer', 'copy', 'check', 'solution'].find((option) => flags.has(option));
  if (other !== undefined) {
    raise('CLI_USAGE', { problem: `--ui serves a page and takes no --${other}.`, command: 'learn ' });
  }
  installHost(nodeHost);
  // Only who wants the page pays for loading it.
  const { startLessonServer } = await import('../learn/lesson-server.ts');
  const shutdown = listenForShutdown(terminal, 'Stopping.');
  const server = await startLessonServer({ ...ui, assetsFolder });
  const url = lesson === undefined ? server.url : `${server.url}#${lesson.name}`;
  if (terminal.mode.json) terminal.event('start', { url });
  else terminal.result(`Lessons: ${url}  Ctrl-C ends it.`);
  try {
    await shutdown.requested;
  } finally {
    shutdown.close();
    await server.close();
  }
  return 0;
}

function list(terminal: Terminal): number {
  for (const { name, title } of lessons) terminal.event('lesson', { name, title });
  if (!terminal.mode.json) {
    const rows = lessons.map(({ name, title }) => [name, title] as const);
    terminal.result(listText(['lesson', 'what it is about'], rows, columnsOf(process.stdout)).trimEnd());
  }
  return 0;
}

async function teach(lesson: Lesson, flags: Flags, terminal: Terminal): Promise<number> {
  const columns = width();
  const answer = answerOf(lesson, flags);
  const source = await readLessonSource(lesson.name, 'given');
  if (!terminal.mode.json) terminal.result(`${lessonIntroduction(lesson, source, columns)}\n`);
  const predicted = answer ?? (await prediction(lesson, terminal));
  const lines = await runLesson(await lessonProgram(lesson.name, 'given'));
  const right = rightChoice(lesson, lines) ?? 0;
  const { name, title, text, question, choices, seen, task } = lesson;
  terminal.event('lesson', {
    name,
    title,
    text,
    question,
    choices: choices.map((choice) => choice.text),
    lines,
    right: right + 1,
    seen,
    task,
    ...(predicted === undefined ? {} : { predicted: predicted + 1 }),
  });
  if (!terminal.mode.json) terminal.result(lessonOutcome(lesson, { lines, right, predicted }, columns));
  return 0;
}

/** The prediction that `--answer` gives. */
function answerOf({ choices }: Lesson, flags: Flags): number | undefined {
  const given = flags.text('answer');
  if (given === undefined) return undefined;
  return numberOf(given, choices.length) ?? refuse('answer', given, `a number from 1 to ${choices.length}`);
}

/** Asked for where somebody can answer. */
async function prediction({ choices }: Lesson, terminal: Terminal): Promise<number | undefined> {
  if (terminal.mode.json || terminal.mode.quiet || !process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = (await asked.question(`Your prediction (1 to ${choices.length}, Enter to skip): `)).trim();
      if (answer === '') return undefined;
      const number = numberOf(answer, choices.length);
      if (number !== undefined) return number;
    }
  } finally {
    asked.close();
    process.stdout.write('\n');
  }
}

function numberOf(text: string, count: number): number | undefined {
  const number = /^\d{1,2}$/u.test(text) ? Number(text) : 0;
  return number >= 1 && number <= count ? number - 1 : undefined;
}

async function copyTo(lesson: Lesson, folder: string, terminal: Terminal): Promise<number> {
  const path = resolve(folder, `${lesson.name}.ts`);
  if (existsSync(path)) raise('CLI_FILE', { action: 'write to', path, problem: 'it is there already' });
  try {
    await mkdir(resolve(folder), { recursive: true });
    await copyFile(lessonSource(lesson.name, 'given'), path);
  } catch (error) {
    raise('CLI_FILE', { action: 'write to', path, problem: messageOf(error) }, { cause: error });
  }
  const shown = join(folder, `${lesson.name}.ts`);
  terminal.event('lesson', { name: lesson.name, path });
  if (!terminal.mode.json) {
    terminal.result(`${path}\n${lesson.task}\nCheck it: millrace learn ${lesson.name} --check ${shown}`);
  }
  return 0;
}

async function check(lesson: Lesson, file: string, terminal: Terminal): Promise<number> {
  const program = (await loadProgram(locateProgram(file)))['default'];
  if (typeof program !== 'function') raise('LEARN_PROGRAM', { path: file });
  const lines = await runLesson(program as LessonProgram);
  const { missing, unwanted } = whatIsMissing(lesson, lines);
  const isSolved = missing.length === 0 && unwanted.length === 0;
  terminal.event('lesson', { name: lesson.name, lines, isSolved, missing, unwanted });
  if (!terminal.mode.json) terminal.result(lines.join('\n'));
  if (!isSolved) {
    const wanted = missing.map((line) => {
      const near = nearestShown(lesson, line, lines);
      return `it does not print "${line}"${near === undefined ? '' : ` (near is "${near}")`}`;
    });
    const disliked = unwanted.map((line) => `it prints "${line}"`);
    raise('LEARN_NOT_SOLVED', {
      lesson: lesson.name,
      problem: [...wanted, ...disliked].join(', '),
      hint: lesson.hint,
    });
  }
  if (!terminal.mode.json) terminal.result(`\nSolved: ${lesson.title}.${next(lesson)}`);
  return 0;
}

async function solve(lesson: Lesson, terminal: Terminal): Promise<number> {
  const source = await readLessonSource(lesson.name, 'mended');
  const lines = await runLesson(await lessonProgram(lesson.name, 'mended'));
  terminal.event('lesson', { name: lesson.name, source, lines });
  if (terminal.mode.json) return 0;
  if (process.stdout.isTTY) {
    terminal.result(lessonSolution(lesson, source, lines, width()));
    return 0;
  }
  // What goes into a file has to be a program.
  terminal.note(lesson.task);
  terminal.result(source.trimEnd());
  terminal.note(['It prints', ...lines.map((line) => `  ${line}`)].join('\n'));
  return 0;
}

function next(lesson: Lesson): string {
  const following = lessons[lessons.indexOf(lesson) + 1];
  return following === undefined ? ' That was the last one.' : ` Next: millrace learn ${following.name}`;
}

/** As the terminal; where there is none, as `COLUMNS` asks. */
function width(): number {
  const asked = Number(process.env['COLUMNS']);
  const columns = process.stdout.isTTY || !(asked >= 20) ? columnsOf(process.stdout) : asked;
  return Math.min(widestLine, columns);
}
