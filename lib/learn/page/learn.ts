import { getJson } from '../../monitor/client/api.ts';
import { el } from '../../monitor/client/element.ts';
import type { LessonIntroduction, LessonList } from '../lesson-answers.ts';
import { lessonView } from './lesson-view.ts';
import { problemText } from './problem-text.ts';
import { listView, markCurrent } from './list-view.ts';

const [nav, main, comparison] = ['lessons', 'main', 'comparison'].map(
  (id) => document.getElementById(id) as HTMLElement,
) as [HTMLElement, HTMLElement, HTMLElement];

void start();

async function start(): Promise<void> {
  try {
    const list = await getJson<LessonList>('/api/lessons');
    nav.replaceChildren(listView(list));
    addEventListener('hashchange', () => {
      void show(list, true);
    });
    await show(list, false);
  } catch (error) {
    refuse(error);
  }
}

/** Shows the lesson that the address names, the first one if it names none. Who has chosen it begins to read at its title. */
async function show(list: LessonList, isChosen: boolean): Promise<void> {
  const all = list.groups.flatMap((group) => group.lessons);
  const wanted = hashName();
  // The link that skips the list leads to the lesson that is there.
  if (wanted === 'lesson' && isChosen) return;
  const name = wanted === '' || wanted === 'lesson' ? (all[0]?.name ?? '') : wanted;
  markCurrent(nav, name);
  try {
    const lesson = await getJson<LessonIntroduction>(`/api/lessons/${encodeURIComponent(name)}`);
    // Another one was chosen while this one came.
    if (hashName() !== wanted) return;
    const at = all.findIndex((one) => one.name === name);
    main.replaceChildren(lessonView(lesson, { previous: all[at - 1], next: all[at + 1] }));
    const query = lesson.compares === undefined ? '' : `?pair=${encodeURIComponent(lesson.compares)}`;
    comparison.setAttribute('href', `/compare${query}`);
    document.title = `${lesson.title} – Millrace`;
  } catch (error) {
    refuse(error);
  }
  if (isChosen) document.getElementById('lesson')?.focus();
}

/** What stands behind `#`; text that is no valid address is a name that there is not. */
function hashName(): string {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuse(error: unknown): void {
  const text = problemText(error);
  main.replaceChildren(el('h2', { id: 'lesson', tabindex: -1 }, 'No lesson'), el('p', { class: 'problem' }, text));
}
