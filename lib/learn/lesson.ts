import { nearest } from '../kernel/nearest.ts';

/** One answer to the question of a lesson. It is right when the run shows this line; `...` at its end stands for the rest of one. */
interface Choice {
  readonly text: string;
  readonly shows: string;
}

/**
 * One lesson: a text, a question about a program before it runs, and the same program to be mended.
 *
 * The right answer is not written down: it is the one choice whose line the run of the program as given prints. The task is solved by
 * every program that prints all of `goal` and nothing of `never`.
 */
export interface Lesson {
  /** Also the name of its programs: `samples/lessons/<name>-given.ts` and `<name>-mended.ts`. */
  readonly name: string;
  readonly title: string;
  /** The pair of `millrace compare` that shows both engines at what the lesson is about. */
  readonly compares?: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly question: string;
  readonly choices: readonly Choice[];
  /** What to see in the run. */
  readonly seen: string;
  readonly task: string;
  /** Lines, as in `Choice.shows`. */
  readonly goal: readonly string[];
  /** Parts of lines. */
  readonly never?: readonly string[];
  /** For those who are stuck. */
  readonly hint: string;
}

/** The number of the choice that a run proves right, from 0; undefined when it proves none, which no lesson may do. */
export function rightChoice({ choices }: Lesson, lines: readonly string[]): number | undefined {
  const found = choices.findIndex(({ shows }) => isShown(shows, lines));
  return found < 0 ? undefined : found;
}

/** What a program has to print and does not, and what it prints and must not. Both empty: the task is solved. */
export function whatIsMissing(
  { goal, never = [] }: Lesson,
  lines: readonly string[],
): { readonly missing: readonly string[]; readonly unwanted: readonly string[] } {
  return {
    missing: goal.filter((wanted) => !isShown(wanted, lines)),
    unwanted: lines.filter((line) => never.some((part) => line.includes(part))),
  };
}

/** The printed line that is nearest to one that is missing, of those that are not wanted themselves; undefined when none is near. */
export function nearestShown(
  { goal }: Pick<Lesson, 'goal'>,
  missing: string,
  lines: readonly string[],
): string | undefined {
  const others = lines.filter((line) => !goal.some((wanted) => isShown(wanted, [line])));
  if (!missing.endsWith('...')) return nearest(missing, others);
  const start = missing.slice(0, -3);
  const begun = nearest(
    start,
    others.map((line) => line.slice(0, start.length)),
  );
  return others.find((line) => begun !== undefined && line.startsWith(begun));
}

function isShown(wanted: string, lines: readonly string[]): boolean {
  return wanted.endsWith('...') ? lines.some((line) => line.startsWith(wanted.slice(0, -3))) : lines.includes(wanted);
}
