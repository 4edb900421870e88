import { arrayType, atomic } from '../../types/type-classes.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';

const define = scalarsOf('string');
const words = arrayType(arrayType(atomic('string'), false), false);

interface Breaks {
  readonly sentences: Intl.Segmenter;
  readonly words: Intl.Segmenter;
}

const known = new Map<string, Breaks>();

/** Making a segmenter takes longer than a short text: one for each locale. */
function breaksOf(language: string, country: string): Breaks {
  const locale = localeOf(language, country);
  const found = known.get(locale);
  if (found !== undefined) return found;
  const made = {
    sentences: new Intl.Segmenter(locale, { granularity: 'sentence' }),
    words: new Intl.Segmenter(locale, { granularity: 'word' }),
  };
  if (known.size >= 100) known.clear();
  known.set(locale, made);
  return made;
}

/** A name that is none is no error in Java: the rules of no language hold. */
function localeOf(language: string, country: string): string {
  const name = [language, country].filter((part) => part !== '').join('-');
  try {
    return Intl.getCanonicalLocales(name)[0] ?? 'und';
  } catch {
    return 'und';
  }
}

/** The words of each sentence: what begins with a letter or a digit. */
export const sentenceFunctions: readonly FunctionDefinition[] = [
  define(
    'sentences',
    ['string', 'string?', 'string?'],
    words,
    {
      summary: 'The words of each sentence of a text, by the rules of a language and country.',
      usage: 'sentences(str[, lang[, country]])',
      examples: [["sentences('Hi there! Good morning.')", '[[Hi, there], [Good, morning]]']],
    },
    (text: string | null, language: string | null = null, country: string | null = null) => {
      if (text === null) return null;
      const breaks = breaksOf(language ?? 'en', language === null ? 'US' : (country ?? ''));
      return Array.from(breaks.sentences.segment(text.replaceAll(/[\n\r\t]/gu, ' ')), ({ segment }) =>
        Array.from(breaks.words.segment(segment), (word) => word.segment).filter((word) =>
          /^[\p{L}\p{Nd}]/u.test(word),
        ),
      );
    },
    { seesNulls: true },
  ),
];
