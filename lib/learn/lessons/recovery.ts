import type { Lesson } from '../lesson.ts';

export const recovery: Lesson = {
  name: 'recovery',
  title: 'Recovery',
  text: [
    'getOrCreate(dir, create) builds the program and goes on from what the checkpoint holds: state, offsets, batch times. Code is never stored: the function builds the same graph again, and state finds its step by name.',
    'After a crash only the batch in flight runs again, with the same records and the same batch time.',
  ],
  question:
    'A running count has a: 2, b: 1. The context is stopped and a new one is built on another folder. One more a comes. It prints',
  choices: [
    {
      text: '(a,3) (b,1)',
      shows: '12:00:03: (a,3) (b,1)',
    },
    {
      text: '(a,1)',
      shows: '12:00:03: (a,1)',
    },
  ],
  seen: 'The state of the first run is still in its checkpoint, and nobody asked for it.',
  task: 'Go on from the checkpoint.',
  goal: ['12:00:03: (a,3) (b,1)'],
  hint: 'The first argument of getOrCreate is the folder.',
};
