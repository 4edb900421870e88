import type { BatchPlan } from './state-store.ts';

/** The plans that are not committed, by batch time. */
export class PlanBook {
  private readonly byTime = new Map<number, BatchPlan>();
  private sorted: readonly BatchPlan[] | undefined;

  get pending(): readonly BatchPlan[] {
    this.sorted ??= [...this.byTime.values()].toSorted((a, b) => a.batchTime - b.batchTime);
    return this.sorted;
  }

  add(plans: readonly BatchPlan[]): void {
    for (const plan of plans) this.byTime.set(plan.batchTime, plan);
    this.sorted = undefined;
  }

  /** The plans up to a time, in order. A long backlog is not sorted for it. */
  upTo(batchTime: number): readonly BatchPlan[] {
    const found: BatchPlan[] = [];
    for (const plan of this.byTime.values()) if (plan.batchTime <= batchTime) found.push(plan);
    return found.toSorted((a, b) => a.batchTime - b.batchTime);
  }

  /** Takes the plans up to a time out. */
  take(batchTime: number): readonly BatchPlan[] {
    const taken = this.upTo(batchTime);
    for (const plan of taken) this.byTime.delete(plan.batchTime);
    this.sorted = undefined;
    return taken;
  }

  clear(): void {
    this.byTime.clear();
    this.sorted = undefined;
  }
}
