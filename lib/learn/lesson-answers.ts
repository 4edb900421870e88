import type { Lesson } from './lesson.ts';

/** `/api/lessons`: the lessons by groups, in their order. */
export interface LessonList {
  readonly groups: readonly {
    readonly title: string;
    readonly lessons: readonly Pick<Lesson, 'name' | 'title'>[];
  }[];
}

/** `/api/lessons/NAME`: what a learner sees before the run. Neither the right answer nor what shows it is in it. */
export interface LessonIntroduction extends Pick<Lesson, 'name' | 'title' | 'text' | 'question' | 'compares'> {
  readonly choices: readonly { readonly text: string }[];
  readonly source: string;
}

/** `/api/lessons/NAME/run`: what the program as given printed just now. */
export interface LessonRun extends Pick<Lesson, 'seen' | 'task'> {
  readonly lines: readonly string[];
  /** The choice that the run proves right, from 0. */
  readonly right: number;
  /** For a terminal: how to get the program, and to have the mended one looked at. */
  readonly commands: readonly string[];
}

/** `/api/lessons/NAME/solution`: a program that solves the task, and what it printed just now. */
export interface LessonSolution {
  readonly source: string;
  readonly lines: readonly string[];
}
