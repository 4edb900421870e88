import type { Lesson } from '../lesson.ts';

export const sessionWindows: Lesson = {
  name: 'session-windows',
  title: 'Session windows',
  compares: 'session',
  text: [
    'A session of a key ends when for the gap nothing came. Its length follows the data: it reaches from its first event to its last plus the gap.',
    'A row may join two sessions into one. Sessions work in append and complete mode.',
  ],
  question:
    'A gap of five seconds; ann clicks at 12:00:03, at :08, exactly five seconds later, and at :20. How many visits?',
  choices: [
    {
      text: 'Three: five seconds have passed',
      shows: 'batch 0: 12:00:03-12:00:08 ann 1...',
    },
    {
      text: 'Two: sessions that touch are one',
      shows: 'batch 0: 12:00:03-12:00:13 ann 2, 12:00:20-12:00:25 ann 1',
    },
  ],
  seen: 'The first session would end at 12:00:08, where the second click begins its own: they touch, and touching sessions merge.',
  task: 'Make it three visits.',
  goal: ['batch 0: 12:00:03-12:00:07 ann 1, 12:00:08-12:00:12 ann 1, 12:00:20-12:00:24 ann 1'],
  hint: 'A gap a second shorter.',
};
