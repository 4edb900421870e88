import { expressionsOf, nodesOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn } from '../expressions/typed-tree.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { OperatorSetup, PhysicalOperator } from '../operators/physical-operator.ts';

/** Operators in the order in which they finish, and rows that are at hand without a source. */
export class PlanPart {
  readonly setup: OperatorSetup;
  readonly operators: PhysicalOperator[] = [];
  /** The plan node of each operator that is measured. */
  readonly ids = new Map<PhysicalOperator, string>();
  readonly feeds: (() => Iterable<undefined>)[] = [];

  constructor(setup: OperatorSetup) {
    this.setup = setup;
  }

  /** Whether what it computes may hold for all batches. */
  get mayKeep(): boolean {
    return false;
  }

  /** What it computed in a batch before holds for this one too: nothing is to be done. */
  get isKept(): boolean {
    return false;
  }
}

/**
 * The static side of a join. Static sources are read once in the life of a query: where what is computed of them depends on nothing else,
 * it is computed once, too. Whether it asks for the time of the batch shows in the first one.
 */
export class StaticPart extends PlanPart {
  readonly #mayKeep: boolean;
  readonly #watch: TimeWatch;
  #isLoaded = false;

  constructor(setup: OperatorSetup, mayKeep: boolean) {
    const watch = new TimeWatch(setup.context);
    super({ ...setup, context: watch });
    this.#watch = watch;
    this.#mayKeep = mayKeep;
  }

  override get mayKeep(): boolean {
    return this.#mayKeep;
  }

  override get isKept(): boolean {
    return this.#isLoaded && this.#mayKeep && !this.#watch.wasAsked;
  }

  /** All of its rows have come. */
  loaded(): void {
    this.#isLoaded = true;
  }
}

/** The time of the batch for expressions, which remembers that one wanted to know. */
class TimeWatch implements EvaluationContext {
  readonly partitionId: number;
  readonly #context: EvaluationContext;
  wasAsked = false;

  constructor(context: EvaluationContext) {
    this.#context = context;
    this.partitionId = context.partitionId;
  }

  get batchTimestampUs(): number {
    this.wasAsked = true;
    return this.#context.batchTimestampUs;
  }
}

/**
 * Whether a static plan gives the same rows every time, but for the time: nothing in it draws, and nothing is a user's. A function of the
 * engine's own is like any built-in one: a table of CSV lines is split into columns by one, and is not read again for each batch.
 */
export function mayKeep(plan: ResolvedPlan): boolean {
  return [...nodesOf(plan)].every((node) => node.kind !== 'sample' && expressionsOf(node).every(isSteady));
}

function isSteady(e: TypedExpression): boolean {
  return !anyIn(e, (node) =>
    node.kind === 'udf' ? node.isOwn !== true : node.kind === 'call' && node.function.deterministic === false,
  );
}
