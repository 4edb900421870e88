import type { Lesson } from '../lesson.ts';

export const exercise2: Lesson = {
  name: 'exercise-2',
  title: 'Exercise 2: the sum of bytes',
  text: ['A record of Kafka has a key and a value of bytes. The exercise sums the value as it is.'],
  question: 'sum of a BINARY column gives',
  choices: [
    {
      text: 'an error when the query is written',
      shows: '[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE]...',
    },
    {
      text: 'the sum of the numbers',
      shows: 'batch 0: a 17',
    },
    {
      text: 'null',
      shows: 'batch 0: a null',
    },
  ],
  seen: 'Bytes are no number and are never cast to one silently.',
  task: 'Sum the numbers that the bytes spell.',
  goal: ['batch 0: a 17'],
  hint: "col('value').cast('string').cast('int')",
};
