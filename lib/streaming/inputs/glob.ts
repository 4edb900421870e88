/** Names of the folders directly in a folder. */
export type FoldersOf = (folder: string) => Promise<readonly string[]>;

/** Whether a path stands for several folders. */
export function isGlob(path: string): boolean {
  return /[*?[{]/u.test(path.replaceAll(/\\./gu, ''));
}

/**
 * The folders that a pattern stands for, in order of their names: `*` any name, `?` any character, `[a-c]` and `[^a-c]` one of some,
 * `{a,b}` either text, a backslash takes the next character as it is. As in a shell, `*` and `?` do not match the dot of a hidden folder.
 *
 * @example
 * await foldersMatching('logs/2026-*', () => Promise.resolve(['2025-12', '2026-01']))   // => ['logs/2026-01']
 */
export async function foldersMatching(pattern: string, foldersOf: FoldersOf): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const one of expandBraces(pattern)) for (const folder of await matching(one, foldersOf)) found.add(folder);
  return [...found].toSorted();
}

/** A pattern without braces, name by name from the left. */
async function matching(pattern: string, foldersOf: FoldersOf): Promise<readonly string[]> {
  const names = pattern.split('/');
  const firstGlob = names.findIndex(isGlob);
  if (firstGlob < 0) return [unescaped(pattern)];
  let folders: readonly string[] = [unescaped(names.slice(0, firstGlob).join('/'))];
  for (const [i, name] of names.slice(firstGlob).entries()) {
    const wanted = expressionOf(name);
    const isTop = i === 0 && firstGlob === 0;
    const deeper: string[] = [];
    for (const folder of folders) {
      const parent = isTop ? '.' : folder === '' ? '/' : folder;
      for (const child of await foldersOf(parent)) {
        if (wanted.test(child)) deeper.push(isTop ? child : `${folder}/${child}`);
      }
    }
    folders = deeper;
  }
  return folders;
}

/** One name of a pattern as a regular expression. */
function expressionOf(name: string): RegExp {
  let source = /^[*?[]/u.test(name) ? String.raw`(?!\.)` : '';
  for (let at = 0; at < name.length; at++) {
    const character = name[at] as string;
    const close = character === '[' ? name.indexOf(']', at + 2) : -1;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '\\') source += literal(name[++at] ?? '\\');
    else if (close > 0) {
      source += classOf(name.slice(at + 1, close));
      at = close;
    } else source += literal(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

function classOf(inside: string): string {
  const isNegated = /^[!^]/u.test(inside);
  const characters = (isNegated ? inside.slice(1) : inside).replaceAll(/[\\\]^[]/gu, String.raw`\$&`);
  return `[${isNegated ? '^' : ''}${characters}]`;
}

function literal(character: string): string {
  return character.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`);
}

function unescaped(path: string): string {
  return path.replaceAll(/\\(.)/gu, '$1');
}

/** The texts that the first pair of braces of a pattern stands for, and so on until none has braces. */
function expandBraces(pattern: string): readonly string[] {
  const open = indexOutside(pattern, '{', 0);
  if (open < 0) return [pattern];
  const alternatives: string[] = [];
  let [depth, from] = [0, open + 1];
  for (let at = open; at < pattern.length; at++) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern[at] === '{') depth += 1;
    else if (pattern[at] === ',' && depth === 1) {
      alternatives.push(pattern.slice(from, at));
      from = at + 1;
    } else if (pattern[at] === '}' && --depth === 0) {
      alternatives.push(pattern.slice(from, at));
      return alternatives.flatMap((one) => expandBraces(pattern.slice(0, open) + one + pattern.slice(at + 1)));
    }
  }
  // Never closed: a brace like any other character.
  return [`${pattern.slice(0, open)}\\${pattern.slice(open)}`].flatMap(expandBraces);
}

/** Where a character stands that no backslash takes as it is. */
function indexOutside(text: string, character: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === character) return at;
  }
  return -1;
}
