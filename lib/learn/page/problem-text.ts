/** What to tell the reader about a request that failed. */
export function problemText(error: unknown): string {
  // What `fetch` throws when nobody answers.
  if (error instanceof TypeError) return 'millrace learn --ui does not answer: has it ended?';
  return error instanceof Error ? error.message : String(error);
}
