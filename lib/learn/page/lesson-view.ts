import { el } from '../../monitor/client/element.ts';
import type { Lesson } from '../lesson.ts';
import type { LessonIntroduction } from '../lesson-answers.ts';
import { outcomeView } from './outcome-view.ts';
import { programView } from './program-view.ts';

interface Neighbours {
  readonly previous: Pick<Lesson, 'name' | 'title'> | undefined;
  readonly next: Pick<Lesson, 'name' | 'title'> | undefined;
}

/** A lesson: the text, the program, the question; below it the run, once it was asked for. */
export function lessonView(lesson: LessonIntroduction, { previous, next }: Neighbours): HTMLElement {
  const { title, text, source, question, choices } = lesson;
  const outcome = outcomeView(lesson);
  return el(
    'article',
    {},
    el('h2', { id: 'lesson', tabindex: -1 }, title),
    ...text.map((paragraph) => el('p', {}, paragraph)),
    el('h3', {}, 'The program'),
    programView('The program of the lesson', source),
    el(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          const chosen = new FormData(event.target as HTMLFormElement).get('prediction');
          void outcome.run(chosen === null ? undefined : Number(chosen));
        },
      },
      el(
        'fieldset',
        {},
        el('legend', {}, question),
        ...choices.map((choice, i) =>
          el('label', {}, el('input', { type: 'radio', name: 'prediction', value: i }), el('span', {}, choice.text)),
        ),
      ),
      el('button', { class: 'primary', id: 'run' }, 'Run the program'),
    ),
    outcome.element,
    el(
      'p',
      { class: 'neighbours' },
      previous !== undefined && el('a', { href: `#${previous.name}` }, `← ${previous.title}`),
      next !== undefined && el('a', { href: `#${next.name}`, class: 'next' }, `${next.title} →`),
    ),
  );
}
