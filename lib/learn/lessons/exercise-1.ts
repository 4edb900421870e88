import type { Lesson } from '../lesson.ts';

export const exercise1: Lesson = {
  name: 'exercise-1',
  title: 'Exercise 1: a watermark on a text',
  text: [
    'The exercise of the course declares the time of its events as text and puts a watermark on it. window() alone would accept that: it casts. withWatermark does not.',
  ],
  question: 'The schema says timestamp STRING. When does one hear of it?',
  choices: [
    {
      text: 'At once, where withWatermark is called',
      shows: '[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE]...',
    },
    {
      text: 'Never: the text is cast',
      shows: 'batch 0: 12:00:00-12:01:00 1',
    },
  ],
  seen: 'The error names the column, its type and the mend. `millrace samples run lesson-exercise-1` is the whole exercise on a broker.',
  task: 'Declare the time as what it is.',
  goal: ['batch 0: 12:00:00-12:01:00 1'],
  hint: 'timestamp TIMESTAMP in the schema of fromJson.',
};
