/** The source of late rows: those of the query that a plan is started as. */
export class LateRowsOf {
  readonly planId: number;

  constructor(planId: number) {
    this.planId = planId;
  }
}
