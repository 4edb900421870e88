import { describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import type { LessonProgram } from '../../lib/testing/lesson-desk.ts';
import { nearestShown, rightChoice, whatIsMissing } from '../../lib/learn/lesson.ts';
import { lessons } from '../../lib/learn/lessons/index.ts';

// The first one loads both engines.
jest.setTimeout(60_000);

/** The built package, as a learner has it: what a program imports and what runs it must be the same engines. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(join(process.cwd(), 'dist', path))) as Module;
}

async function linesOf(name: string, kind: 'given' | 'mended'): Promise<readonly string[]> {
  await built('index.js');
  const { default: program } = await built<{ default: LessonProgram }>(`lessons/${name}-${kind}.js`);
  const { runLesson } = await built<typeof import('../../lib/internals.ts')>('internals.js');
  return await runLesson(program);
}

describe.each(lessons)('the lesson $name', (lesson) => {
  it('has one right answer, which the run shows', async () => {
    const lines = await linesOf(lesson.name, 'given');
    const right = lesson.choices.filter((choice) => rightChoice({ ...lesson, choices: [choice] }, lines) === 0);
    expect({ lines, right: right.map(({ text }) => text) }).toEqual({ lines, right: [right[0]?.text] });
    expect(right).toHaveLength(1);
  });

  it('has a task that the program as given does not solve and the mended one does', async () => {
    const given = await linesOf(lesson.name, 'given');
    expect({ given, ...whatIsMissing(lesson, given) }).not.toEqual({ given, missing: [], unwanted: [] });
    const mended = await linesOf(lesson.name, 'mended');
    expect({ mended, ...whatIsMissing(lesson, mended) }).toEqual({ mended, missing: [], unwanted: [] });
  });
});

describe('the printed line that is nearest to a missing one', () => {
  const goal = ['groups in state: 2', 'groups in state: 1', 'late: 3...'];

  it.each([
    ['differs in a figure', 'groups in state: 2', ['a long warning', 'groups in state: 3'], 'groups in state: 3'],
    ['is not one that is wanted itself', 'groups in state: 2', ['groups in state: 1'], undefined],
    ['is compared as far as the line is known', 'late: 3...', ['late: 2 rows of batch 7'], 'late: 2 rows of batch 7'],
    ['is none where nothing is near', 'groups in state: 2', ['batch 1'], undefined],
  ])('%s', (_, missing, lines, expected) => {
    expect(nearestShown({ goal }, missing, lines)).toBe(expected);
  });
});
