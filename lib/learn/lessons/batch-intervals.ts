import type { Lesson } from '../lesson.ts';

export const batchIntervals: Lesson = {
  name: 'batch-intervals',
  title: 'Architecture: batch intervals',
  text: [
    'A DStream is a sequence of RDDs. A clock cuts the input every batch interval; what arrived since the last boundary becomes one RDD, and the chain of operators runs over it. Batches run in order, one at a time.',
    'Batch times come from arithmetic: start + n x interval. None is skipped and none is merged, also when nothing arrived.',
  ],
  question:
    'Four seconds with an interval of one second. In the third nothing arrives. What does the program print for it?',
  choices: [
    {
      text: 'A batch with nothing in it',
      shows: '12:00:03: nothing',
    },
    {
      text: 'Nothing: there is no batch',
      shows: '12:00:03: (b,2)',
    },
    {
      text: 'The counts of the second before',
      shows: '12:00:03: (a,1)',
    },
  ],
  seen: 'Every boundary has its batch. Counts begin anew in each: a reduceByKey knows its own batch only.',
  task: 'Count the words of the last two seconds, every second.',
  goal: ['12:00:02: (a,2) (b,1)', '12:00:03: (a,1)'],
  hint: 'reduceByKeyAndWindow(f, window, slide).',
};
