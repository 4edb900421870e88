import { MillraceError, messageOf } from '../../kernel/errors.ts';

/**
 * A query that cannot run, found before anything runs. It holds every problem of the query that was found; `code` is that of the first.
 *
 * @example
 * try { df.select('nope', 'neither') } catch (e) { (e as AnalysisError).problems.length }   // => 2
 */
export class AnalysisError extends MillraceError {
  override readonly name = 'AnalysisError';
  readonly problems: readonly MillraceError[];

  constructor(problems: readonly [MillraceError, ...MillraceError[]]) {
    const [first] = problems;
    super(first.code, first.params, {
      cause: first.cause,
      ...(first.where === undefined ? {} : { where: first.where }),
    });
    this.problems = problems;
    if (problems.length > 1) {
      this.message = `${problems.length} problems:\n${problems.map((problem) => `  ${problem.message}`).join('\n')}`;
    }
  }
}

/** Runs every step, even after one has failed, and raises all that they raised at once. Gives their results. */
export function collectingProblems<T>(steps: readonly (() => T)[]): readonly T[] {
  const problems: MillraceError[] = [];
  const results: T[] = [];
  for (const step of steps) {
    try {
      results.push(step());
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      problems.push(...problemsOf(error));
    }
  }
  raiseAll(problems);
  return results;
}

/** Raises problems together; none of them is no error. One that is found twice is told once. */
export function raiseAll(problems: readonly MillraceError[]): void {
  const distinct = [...new Map(problems.map((problem) => [messageOf(problem), problem])).values()];
  const [first, ...rest] = distinct;
  if (first !== undefined) throw new AnalysisError([first, ...rest]);
}

function problemsOf(error: MillraceError): readonly MillraceError[] {
  return error instanceof AnalysisError ? error.problems : [error];
}

/** An error of a part as an error of the analysis: everything that analysis raises is an `AnalysisError`. */
export function asAnalysisError(error: unknown): unknown {
  return error instanceof MillraceError && !(error instanceof AnalysisError) ? new AnalysisError([error]) : error;
}
