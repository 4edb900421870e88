import { located, MillraceError } from '../../kernel/errors.ts';
import type { TextPosition } from '../expressions/expression.ts';
import { AnalysisError } from './analysis-error.ts';
import { sqlPlace } from '../sql/sql-place.ts';

/**
 * Runs a step; what it raises without a place in the text is told this one. Steps within steps: the innermost place stays.
 *
 * @example
 * placed(e.position, () => resolveName(e.parts, undefined, scope))
 */
export function placed<T>(position: TextPosition | undefined, step: () => T): T {
  if (position === undefined) return step();
  try {
    return step();
  } catch (error) {
    throw withPlace(error, position);
  }
}

function withPlace(error: unknown, position: TextPosition): unknown {
  if (!(error instanceof MillraceError)) return error;
  if (error instanceof AnalysisError) {
    if (error.problems.every(({ where }) => where?.sql !== undefined)) return error;
    const [first, ...rest] = error.problems.map((problem) => onePlaced(problem, position));
    return first === undefined ? error : new AnalysisError([first, ...rest]);
  }
  return onePlaced(error, position);
}

function onePlaced(problem: MillraceError, position: TextPosition): MillraceError {
  if (problem.where?.sql !== undefined) return problem;
  return located(problem, sqlPlace(position)) ?? problem;
}
