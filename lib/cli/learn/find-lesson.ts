import { raise } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { Lesson } from '../../learn/lesson.ts';
import { lessons } from '../../learn/lessons/index.ts';

/** The lesson of a name. Another name is refused, with the one that was probably meant where one is near. */
export function findLesson(name: string): Lesson {
  const lesson = lessons.find((one) => one.name === name);
  if (lesson !== undefined) return lesson;
  const names = lessons.map((one) => one.name);
  const near = nearest(name, names);
  return raise('LEARN_UNKNOWN_LESSON', { name, hint: near === undefined ? '' : `Did you mean ${near}? ` });
}
