import type { Lesson } from '../lesson.ts';

export const pitfallChangedCheckpoint: Lesson = {
  name: 'pitfall-changed-checkpoint',
  title: 'Pitfall 5: a checkpoint that cannot be used',
  text: [
    'A checkpoint holds the state of the program that wrote it. A filter more, another delay, a renamed column: the state still fits. Other keys, other aggregates, another operator: it does not.',
    'What does not fit is refused at the start, with the step, both sides and the mend, and the checkpoint is left as it was.',
  ],
  question: 'The first version counts, the second sums, on the same checkpoint. The second',
  choices: [
    {
      text: 'goes on with the counts as sums',
      shows: 'batch 1: ann...',
    },
    {
      text: 'is refused',
      shows: '[STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE]...',
    },
    {
      text: 'begins anew',
      shows: 'batch 0: ann 25',
    },
  ],
  seen: 'Exit status 4 on the command line: the checkpoint belongs to another program.',
  task: 'Give the second version a checkpoint of its own; it reads the orders again.',
  goal: ['batch 0: ann 2', 'batch 0: ann 25'],
  hint: 'Another checkpointLocation.',
};
