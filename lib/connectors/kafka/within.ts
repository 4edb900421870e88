/**
 * Settles as `work` does, or rejects with `late()` after `timeoutMs`. What `work` does afterwards is ignored, also when it rejects.
 */
export async function within<T>(work: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  work.catch(() => undefined);
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(late());
        }, timeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
