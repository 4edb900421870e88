import { raise } from '../../kernel/errors.ts';
import type { ProbeStep } from '../operators/stage/stage.ts';
import type { JoinPlan } from '../operators/stream-join.ts';

/** The kind of a join with static data, as seen from the side that streams. */
export function probeKind(how: JoinPlan['how'], isLeftStream: boolean): ProbeStep['how'] {
  switch (how) {
    case 'inner':
    case 'cross':
      return 'inner';
    case 'leftSemi':
      if (isLeftStream) return 'semi';
      break;
    case 'leftAnti':
      if (isLeftStream) return 'anti';
      break;
    case 'existence':
      if (isLeftStream) return 'exists';
      break;
    case 'left':
      if (isLeftStream) return 'left';
      break;
    case 'right':
      if (!isLeftStream) return 'left';
      break;
    case 'full':
      break;
  }
  return raise('INTERNAL_INVARIANT', { what: `a ${how} join that would keep static rows of a stream was planned` });
}
