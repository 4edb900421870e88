import type { LogicalPlan } from './logical-plan.ts';

/** The plans directly below one, left to right. */
export function logicalInputs(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'local':
    case 'relation':
    case 'values':
    case 'read':
    case 'range':
      return [];
    case 'join':
    case 'union':
    case 'setOperation':
      return [plan.left, plan.right];
    case 'transformWithState':
      return plan.initialState === undefined ? [plan.child] : [plan.child, plan.initialState];
    default:
      return [plan.child];
  }
}
