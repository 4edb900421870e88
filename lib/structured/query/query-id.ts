/** An id that no other query has: a random UUID, as in Spark. */
export function newQueryId(): string {
  return crypto.randomUUID();
}
