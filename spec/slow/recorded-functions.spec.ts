import { describe, expect, it } from '@jest/globals';
import { differencesFromSpark, settingsOf } from '../structured/functions/recorded-answers.ts';

describe.each(['string', 'math', 'datetime', 'conditional'])(
  'all recorded answers of Spark 4.1.2 to functions of %s',
  (group) => {
    it.each(settingsOf(group))('in $timeZone with ANSI $ansi', async (setting) => {
      expect(await differencesFromSpark(group, setting, 1)).toBe('');
    });
  },
);
