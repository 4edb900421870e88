import { getJson } from '../../monitor/client/api.ts';
import { el } from '../../monitor/client/element.ts';
import type { LessonIntroduction, LessonRun, LessonSolution } from '../lesson-answers.ts';
import { verdictText } from '../verdict-text.ts';
import { problemText } from './problem-text.ts';
import { linesView, programView } from './program-view.ts';

interface OutcomeView {
  readonly element: HTMLElement;
  /** Has the program run, and says whether the prediction was right. */
  run(predicted: number | undefined): Promise<void>;
}

/** The part of a lesson below its question: empty until the program was run. */
export function outcomeView({ name, choices }: LessonIntroduction): OutcomeView {
  // What it says is read out when it changes.
  const verdict = el('p', { id: 'verdict', role: 'status' });
  const rest = el('div', {});
  let isRunning = false;
  return {
    element: el('section', { 'aria-label': 'The run' }, verdict, rest),
    run: async (predicted) => {
      if (isRunning) return;
      isRunning = true;
      say(verdict, '', 'Running.');
      rest.replaceChildren();
      try {
        const run = await getJson<LessonRun>(`/api/lessons/${name}/run`);
        const kind = predicted === undefined ? '' : predicted === run.right ? 'good' : 'bad';
        say(verdict, kind, `${verdictText(choices, run.right, predicted)} ${run.seen}`);
        rest.replaceChildren(...runView(name, run));
      } catch (error) {
        say(verdict, 'bad', problemText(error));
      } finally {
        isRunning = false;
      }
    },
  };
}

function runView(name: string, { lines, task, commands }: LessonRun): readonly HTMLElement[] {
  const solution = el('div', { id: 'solution' });
  return [
    el('h3', {}, 'The run'),
    linesView('What the program printed', lines),
    el('h3', {}, 'Your task'),
    el('p', {}, task),
    el('p', { class: 'quiet' }, 'In a terminal: the first command gives you the program, the second one runs yours.'),
    linesView('Commands for a terminal', commands),
    el(
      'button',
      {
        type: 'button',
        id: 'show-solution',
        'aria-controls': 'solution',
        onclick: () => {
          void showSolution(name, solution);
        },
      },
      'Show a solution',
    ),
    solution,
  ];
}

async function showSolution(name: string, into: HTMLElement): Promise<void> {
  const status = el('p', { role: 'status', class: 'quiet' }, 'Running the solution.');
  into.replaceChildren(status);
  try {
    const { source, lines } = await getJson<LessonSolution>(`/api/lessons/${name}/solution`);
    status.textContent = 'A program that solves the task, and what it printed:';
    into.append(programView('A solution', source), linesView('What the solution printed', lines));
  } catch (error) {
    say(status, 'bad', problemText(error));
  }
}

function say(element: HTMLElement, kind: string, text: string): void {
  element.className = kind;
  element.textContent = text;
}
