import { el } from '../../monitor/client/element.ts';
import type { LessonList } from '../lesson-answers.ts';

const narrow = '(max-width: 800px)';

/** All lessons by groups; on a narrow screen folded up, so that the lesson is what one sees. */
export function listView({ groups }: LessonList): HTMLElement {
  return el(
    'details',
    { open: !matchMedia(narrow).matches },
    el('summary', {}, 'All lessons'),
    ...groups.flatMap(({ title, lessons }, i) => [
      el('h2', { id: `group-${i}` }, title),
      el(
        'ul',
        { 'aria-labelledby': `group-${i}` },
        ...lessons.map((lesson) => el('li', {}, el('a', { href: `#${lesson.name}` }, lesson.title))),
      ),
    ]),
  );
}

/** Marks the link of the lesson that is shown, and folds the list of a narrow screen. */
export function markCurrent(nav: HTMLElement, name: string): void {
  for (const link of nav.querySelectorAll('a')) {
    if (link.getAttribute('href') === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (matchMedia(narrow).matches) nav.querySelector('details')?.removeAttribute('open');
}
