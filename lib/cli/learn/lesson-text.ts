import type { Lesson } from '../../learn/lesson.ts';
import { verdictText } from '../../learn/verdict-text.ts';
import { wrapWords } from '../output/wrap-words.ts';

/** The part of a lesson that comes before its program runs. */
export function lessonIntroduction(lesson: Lesson, source: string, columns: number): string {
  return [
    lesson.title,
    '='.repeat(lesson.title.length),
    '',
    ...lesson.text.flatMap((paragraph) => [...wrapWords(paragraph, columns), '']),
    'The program',
    '',
    ...indented(source.trimEnd().split('\n')),
    '',
    ...wrapWords(lesson.question, columns),
    ...lesson.choices.map(({ text }, i) => `  ${i + 1}  ${text}`),
  ].join('\n');
}

/** The part after the run: what it printed, whether the prediction (from 0) was right, and the task. */
export function lessonOutcome(
  lesson: Lesson,
  run: { readonly lines: readonly string[]; readonly right: number; readonly predicted: number | undefined },
  columns: number,
): string {
  const { lines, right, predicted } = run;
  return [
    'The run',
    '',
    ...indented(lines.flatMap((line) => wrapWords(line, columns - 2))),
    '',
    ...wrapWords(`${verdictText(lesson.choices, right, predicted)} ${lesson.seen}`, columns),
    '',
    'Your task',
    '',
    ...wrapWords(lesson.task, columns),
    '',
    ...indented(taskCommands(lesson.name)),
    `  millrace learn ${lesson.name} --solution`,
  ].join('\n');
}

/** How a learner gets the program of a lesson, and has the mended one looked at. */
export function taskCommands(name: string): readonly string[] {
  return [`millrace learn ${name} --copy .`, `millrace learn ${name} --check ${name}.ts`];
}

/** Lines for `--solution`. */
export function lessonSolution(lesson: Lesson, source: string, lines: readonly string[], columns: number): string {
  return [
    ...wrapWords(lesson.task, columns),
    '',
    ...indented(source.trimEnd().split('\n')),
    '',
    'It prints',
    '',
    ...indented(lines),
  ].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
