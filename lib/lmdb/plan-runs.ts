import type { BatchPlan, PlannedRange } from '../store/state-store.ts';

/**
 * Plans as they are stored: one that says how often it repeats stands for so many, each later than the one before by the same time and
 * otherwise equal. So the empty batches of a night are one record, and not thousands.
 */
export interface StoredPlan extends BatchPlan {
  readonly repeats?: { readonly count: number; readonly stepMs: number };
}

/** Puts plans that follow each other alike together; they are given in order of batch time. */
export function packPlans(plans: readonly BatchPlan[]): readonly StoredPlan[] {
  const packed: StoredPlan[] = [];
  for (let first = 0; first < plans.length;) {
    const plan = plans[first] as BatchPlan;
    const stepMs = (plans[first + 1]?.batchTime ?? plan.batchTime) - plan.batchTime;
    const count = stepMs > 0 ? alike(plans, first, stepMs) : 1;
    packed.push(count === 1 ? plan : { ...plan, repeats: { count, stepMs } });
    first += count;
  }
  return packed;
}

/** How many plans from one on are the same but for their time. */
function alike(plans: readonly BatchPlan[], first: number, stepMs: number): number {
  const plan = plans[first] as BatchPlan;
  let count = 1;
  while (isShifted(plan, plans[first + count], count * stepMs)) count += 1;
  return count;
}

/** The plans that a stored one stands for, in order. */
export function unpackPlan({ repeats, ...plan }: StoredPlan): readonly BatchPlan[] {
  if (repeats === undefined) return [plan];
  return Array.from({ length: repeats.count }, (_, i) => shifted(plan, i * repeats.stepMs));
}

function shifted(plan: BatchPlan, byMs: number): BatchPlan {
  const ranges = Object.entries(plan.ranges).map(([source, parts]): [string, readonly PlannedRange[]] => [
    source,
    parts.map((part) => ({ ...part, time: part.time + byMs })),
  ]);
  return { ...plan, batchTime: plan.batchTime + byMs, ranges: Object.fromEntries(ranges) };
}

function isShifted(plan: BatchPlan, other: BatchPlan | undefined, byMs: number): boolean {
  if (other === undefined || other.batchTime !== plan.batchTime + byMs) return false;
  if (plan.meta !== undefined || other.meta !== undefined) return false;
  if (plan.attempt !== other.attempt || plan.sharesCommit !== other.sharesCommit) return false;
  if (plan.isUntouched !== other.isUntouched) return false;
  const sources = Object.keys(plan.ranges);
  if (sources.length !== Object.keys(other.ranges).length) return false;
  return sources.every((source) => areShifted(plan.ranges[source] ?? [], other.ranges[source], byMs));
}

function areShifted(
  parts: readonly PlannedRange[],
  others: readonly PlannedRange[] | undefined,
  byMs: number,
): boolean {
  if (others?.length !== parts.length) return false;
  return parts.every((part, i) => {
    const other = others[i] as PlannedRange;
    if (part.detail !== undefined || other.detail !== undefined || other.time !== part.time + byMs) return false;
    return isSame(part.from, other.from) && isSame(part.until, other.until);
  });
}

function isSame(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
