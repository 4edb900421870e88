import { raise } from '../kernel/errors.ts';

/** One batch of a marble text. */
export interface MarbleBatch {
  /** Its elements; `null` for a batch without an RDD. */
  readonly elements: readonly unknown[] | null;
  /** The process dies in this batch, after the output was written, and is started again from the checkpoint. */
  readonly dies: boolean;
}

/**
 * Batches as a line of text, time from left to right.
 *
 * `|` ends a batch; tokens are elements: numbers, `true`, `false`, `null`, texts (in quotes where they would be read as something else),
 * `k:v` a pair, `v,w` an array; nothing at all is an empty batch, `~` one without an RDD, `!` one in which the process dies.
 *
 * @example
 * parseMarbles('a:1 b | ~ | 2 !').map(batch => batch.elements)   // => [[['a', 1], 'b'], null, [2]]
 */
export function parseMarbles(text: string): MarbleBatch[] {
  return text.split('|').map((part) => {
    const tokens = part.split(/\s+/u).filter((token) => token !== '');
    const dies = tokens.includes('!');
    const values = tokens.filter((token) => token !== '!');
    if (!values.includes('~')) return { elements: values.map(parseElement), dies };
    if (values.length > 1)
      raise('TESTING_MARBLES', {
        text: part.trim(),
        problem: '~ stands alone: a batch without an RDD has no elements',
      });
    return { elements: null, dies };
  });
}

function parseElement(token: string): unknown {
  const colon = splitOutside(token, ':');
  if (colon !== undefined) return [parseValue(colon[0]), parseElement(colon[1])];
  return parseValue(token);
}

function parseValue(text: string): unknown {
  const comma = splitOutside(text, ',');
  if (comma !== undefined) {
    const rest = parseValue(comma[1]);
    return [parseScalar(comma[0]), ...(splitOutside(comma[1], ',') === undefined ? [rest] : (rest as unknown[]))];
  }
  return parseScalar(text);
}

function parseScalar(text: string): unknown {
  if (text.length > 1 && text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (text === '[]') return [];
  return /^-?\d+(?:\.\d+)?$/u.test(text) ? Number(text) : text;
}

function splitOutside(text: string, separator: string): readonly [string, string] | undefined {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "'") quoted = !quoted;
    else if (!quoted && text[i] === separator) return [text.slice(0, i), text.slice(i + 1)];
  }
  return undefined;
}

/**
 * An element as a token, the inverse of what `parseMarbles` reads.
 *
 * @example
 * marbleOf(['a', [1, null]])   // => 'a:1,null'
 */
export function marbleOf(element: unknown): string {
  if (Array.isArray(element) && element.length === 2 && !Array.isArray(element[0])) {
    return `${valueText(element[0])}:${valueText(element[1])}`;
  }
  return valueText(element);
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map(nestedText).join(',');
  return scalarText(value);
}

function nestedText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(nestedText).join(',')}]` : scalarText(value);
}

function scalarText(value: unknown): string {
  if (typeof value === 'string')
    return parseScalar(value) === value && /^[^\s|:,']+$/u.test(value) ? value : `'${value}'`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}
