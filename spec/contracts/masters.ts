const masters = ['local', 'local[2]', 'local[3]'] as const;

/** One after the other: each start of a program goes on with another number of threads than the one before. */
export function masterOf(start: number): string {
  return masters[start % masters.length] ?? masters[0];
}
