/** The up to five names that are most like the wanted one, in backticks, best first. */
export function suggestions(wanted: string, names: Iterable<string>): string {
  const scored = [...new Set(names)].map((name) => ({
    name,
    distance: editDistance(wanted.toLowerCase(), name.toLowerCase()),
  }));
  return scored
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ name }) => `\`${name}\``)
    .join(', ');
}

/** How many letters must be put in, taken out or changed. Long names are compared by their first 60 letters. */
function editDistance(a: string, b: string): number {
  const from = a.slice(0, 60);
  const to = b.slice(0, 60);
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
