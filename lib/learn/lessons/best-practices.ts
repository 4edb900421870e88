import type { Lesson } from '../lesson.ts';

export const bestPractices: Lesson = {
  name: 'best-practices',
  title: 'Best practices: output that may come twice',
  text: [
    'Input and state are exactly once. Output to the outside is at least once: a batch that wrote and then failed runs again, with the same batch id and the same rows.',
    'So write by the batch id: replace what is there under it, or skip what is there. Other habits that pay: a checkpoint location for every query, a name for every stateful step, a bound for every state, a trigger with room to spare, and one test with a restart in it.',
  ],
  question: 'The sink writes the total 25, then the batch fails. After the restart, what has been written?',
  choices: [
    {
      text: '25, once',
      shows: 'written: 25',
    },
    {
      text: '25, twice',
      shows: 'written: 25 25',
    },
  ],
  seen: 'The batch ran again, as it should: nobody could know that the first write had arrived.',
  task: 'Write so that the second run of a batch replaces what the first one wrote.',
  goal: ['written: 25'],
  never: ['25 25'],
  hint: 'A Map from batchId to the total.',
};
