/**
 * A test of names by Spark's patterns of SHOW: `*` is any text, `|` separates several, case does not count.
 *
 * @example
 * likeNames('ord*')('orders')   // => true
 */
export function likeNames(pattern: string): (name: string) => boolean {
  const wanted = pattern.split('|').map((part) => {
    const texts = part.trim().split(/\*+/u);
    return new RegExp(`^${texts.map(escaped).join('.*')}$`, 'isu');
  });
  return (name) => wanted.some((each) => each.test(name));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.+?()[\]{}|/-]/gu, String.raw`\$&`);
}
