import type { Lesson } from '../lesson.ts';

export const statefulOperations: Lesson = {
  name: 'stateful-operations',
  title: 'Stateful operations',
  compares: 'running-total',
  text: [
    'reduceByKey sees one batch. A running total needs state that outlives it: updateStateByKey calls a function with the new values of a key and what it returned the last time, for every key in every batch; mapWithState calls one for the keys that have new values.',
    'In structured streaming every aggregation is a running one; its state is kept for you.',
  ],
  question: 'Points come in three batches: ann 3; ann 1, bob 2; bob 5. What does the third batch print?',
  choices: [
    {
      text: '(ann,4) (bob,7)',
      shows: '12:00:03: (ann,4) (bob,7)',
    },
    {
      text: '(bob,5)',
      shows: '12:00:03: (bob,5)',
    },
    {
      text: '(bob,7)',
      shows: '12:00:03: (bob,7)',
    },
  ],
  seen: 'Each batch has its own sums.',
  task: 'Print the totals of everybody after every batch.',
  goal: ['12:00:02: (ann,4) (bob,2)', '12:00:03: (ann,4) (bob,7)'],
  hint: 'updateStateByKey((values, total) => ...); an absent state is null. A program with state wants ssc.checkpoint(dir).',
};
