import { failure } from '../../kernel/errors.ts';

/**
 * What a program promised, or `CLI_PROGRAM_STUCK` as soon as nothing is left in the process that could still settle it: Node would end
 * without a word.
 */
export async function unlessStuck<T>(path: string, part: string, promised: Promise<T>): Promise<T> {
  let release: (() => void) | undefined;
  const stuck = new Promise<never>((_, reject) => {
    const found = (): void => {
      reject(failure('CLI_PROGRAM_STUCK', { path, part }));
    };
    process.once('beforeExit', found);
    release = () => process.off('beforeExit', found);
  });
  try {
    return await Promise.race([promised, stuck]);
  } finally {
    release?.();
  }
}
