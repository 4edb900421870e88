import { describe, expect, it } from '@jest/globals';
import { differencesFromSpark, settingsOf } from './recorded-answers.ts';

/** Every so many of the answers; the slow suite takes all. */
const stride = 8;

describe.each(['string', 'math', 'datetime', 'conditional'])('Spark 4.1.2, functions of %s', (group) => {
  it.each(settingsOf(group))(
    'in $timeZone with ANSI $ansi give the same names, types, values and errors',
    async (setting) => {
      expect(await differencesFromSpark(group, setting, stride)).toBe('');
    },
  );
});
