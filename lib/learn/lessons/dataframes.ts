import type { Lesson } from '../lesson.ts';

export const dataframes: Lesson = {
  name: 'dataframes',
  title: 'DataFrames and null',
  text: [
    'A DataFrame is a plan: each method returns a new one, checked at once; nothing runs before an action or a query asks for rows. Columns are expressions, and the engine sees through them: it can push a filter down, leave columns out, compile.',
    'Expressions know three truth values. A comparison with null is null, and a filter keeps only what is true.',
  ],
  question: "Orders from 'de', 'fr' and one without a country. How many does where(\"country <> 'de'\") keep?",
  choices: [
    {
      text: 'Two: fr and the one without a country',
      shows: 'orders: fr 2, null 3',
    },
    {
      text: 'One: fr',
      shows: 'orders: fr 2',
    },
  ],
  seen: "null <> 'de' is not true, it is null, so the order is gone.",
  task: 'Keep every order that is not known to be from de.',
  goal: ['orders: fr 2, null 3'],
  hint: "Spark's <=> compares null as a value: NOT (country <=> 'de').",
};
