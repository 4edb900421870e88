import { raise } from '../../kernel/errors.ts';
import { nodesOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import { AggregateBatch } from '../operators/aggregate-batch.ts';
import { type AggregatePlan, AggregateState } from '../operators/aggregate-state.ts';
import { bindAggregation } from '../operators/aggregation.ts';
import { BatchJoin } from '../operators/batch-join.ts';
import { Deduplicate, DeduplicateBatch } from '../operators/deduplicate.ts';
import type { WatermarkNode } from '../operators/compiled-query.ts';
import { EventTimeStats } from '../operators/event-time-stats.ts';
import { GroupTable } from '../operators/group-table.ts';
import { GroupsWithState } from '../operators/groups-with-state.ts';
import { keyReader } from '../operators/key-values.ts';
import { LimitBatch, LimitState } from '../operators/limit.ts';
import { ObservedMetrics } from '../operators/observed-metrics.ts';
import type { OperatorSetup, PhysicalOperator, RowSink } from '../operators/physical-operator.ts';
import { sampler } from '../operators/sample.ts';
import { SessionBatch } from '../operators/session-batch.ts';
import { SessionState } from '../operators/session-state.ts';
import { SetOperation } from '../operators/set-operation.ts';
import { Sort } from '../operators/sort.ts';
import { compileStage } from '../operators/stage/compile-stage.ts';
import type { StageEnd, StageStep } from '../operators/stage/stage.ts';
import { StaticLoad, StaticTable } from '../operators/static-table.ts';
import { type JoinPlan, StreamJoin } from '../operators/stream-join.ts';
import type { StatefulSite } from '../operators/stateful-base.ts';
import { TransformWithState } from '../operators/transform-with-state.ts';
import { WindowFunctions } from '../operators/window-functions.ts';
import type { Outlet } from '../threads/outlet.ts';
import { groupedColumns, mergesExactly } from '../threads/spread.ts';
import type { InternalRow, StructType } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import { compileRow } from './compile-row.ts';
import { mayKeep, PlanPart, StaticPart } from './plan-part.ts';
import { type PendingScan, type PlannedSource, plannedSource, type ReadPlan } from './planned-source.ts';
import type { PlanProbe } from './plan-probe.ts';
import { probeKind } from './probe-kind.ts';
import { unlessDiffer } from './unless-differ.ts';
import { streamJoinSpec } from './stream-join-spec.ts';
import { outputWatermark } from './input-watermark.ts';
import { type JoinCondition, takeApart } from './join-condition.ts';

export interface PhysicalPlan {
  readonly sources: readonly PlannedSource[];
  readonly main: PlanPart;
  /** What is computed of static data before the first streaming row. */
  readonly statics: readonly StaticPart[];
  readonly eventTimes: readonly { readonly stats: EventTimeStats; readonly node: WatermarkNode }[];
  readonly observed: readonly ObservedMetrics[];
  /** Where stages end that read sources which stream, in the order in which the plan is built. */
  readonly ends: readonly PlanEnd[];
  /** The static sides of joins, in the same order. */
  readonly tables: readonly PlanTable[];
  readonly closers: readonly (() => void)[];
}

/** What takes the rows, or the groups of rows, that a stage ends in. */
export interface PlanEnd {
  readonly rows: RowSink;
  readonly groups?: GroupTable;
}

export interface PlanTable {
  readonly table: StaticTable;
  readonly width: number;
}

export interface PlanOptions {
  readonly probe?: PlanProbe | undefined;
  /** Collects what comes to the ends of stages: nothing is built behind them. */
  readonly outlet?: Outlet;
}

/** Where the rows of a node go: the steps above it, up to the next operator. */
interface Above {
  readonly steps: readonly StageStep[];
  readonly end: StageEnd;
  readonly part: PlanPart;
}

type Of<K extends ResolvedPlan['kind']> = Extract<ResolvedPlan, { kind: K }>;

/** After so many rows at hand, whoever takes the result may have its turn. */
const rowsPerStep = 1024;

/** Builds the operators of a plan from the sink down. */
export class PlanBuilder {
  readonly #setup: OperatorSetup;
  readonly #main: PlanPart;
  readonly #statics: StaticPart[] = [];
  readonly #planProbe: PlanProbe | undefined;
  readonly #outlet: Outlet | undefined;
  readonly #ends: PlanEnd[] = [];
  readonly #tables: PlanTable[] = [];
  readonly #sources = new Map<number, { node: ReadPlan; names: Set<string>; scans: PendingScan[] }>();
  readonly #eventTimes: { stats: EventTimeStats; node: WatermarkNode }[] = [];
  readonly #observed: ObservedMetrics[] = [];
  readonly #closers: (() => void)[] = [];
  readonly #ids = new Map<string, number>();

  constructor(setup: OperatorSetup, { probe, outlet }: PlanOptions = {}) {
    this.#setup = setup;
    this.#main = new PlanPart(setup);
    this.#planProbe = probe;
    this.#outlet = outlet;
  }

  build(plan: ResolvedPlan, emit: RowSink): PhysicalPlan {
    this.#into(plan, emit, this.#main);
    return {
      sources: [...this.#sources.values()].map(plannedSource),
      main: this.#main,
      statics: this.#statics,
      eventTimes: this.#eventTimes,
      observed: this.#observed,
      ends: this.#ends,
      tables: this.#tables,
      closers: this.#closers,
    };
  }

  #node(plan: ResolvedPlan, from: Above): void {
    const probe = this.#planProbe;
    const above = probe === undefined ? from : { ...from, steps: [probe.step(plan), ...from.steps] };
    switch (plan.kind) {
      case 'read':
        return this.#read(plan, above);
      case 'local':
        return this.#rows(plan, above, () => plan.rows);
      case 'range':
        return this.#rows(plan, above, () => rangeRows(plan));
      case 'project':
        return this.#step(plan.child, { kind: 'project', columns: plan.columns }, above);
      case 'filter':
        return this.#step(plan.child, { kind: 'filter', condition: plan.condition }, above);
      case 'watermark':
        return this.#watermark(plan, above);
      case 'generate':
        return this.#generate(plan, above);
      case 'expand':
        return this.#step(plan.child, { kind: 'expand', projections: plan.projections, output: plan.output }, above);
      case 'union':
        return this.#union(plan, above);
      case 'observe':
        return this.#observe(plan, above);
      case 'sample':
        return this.#step(plan.child, { kind: 'sample', takes: sampler(plan.from, plan.fraction, plan.seed) }, above);
      case 'aggregate':
        return this.#aggregate(plan, above);
      case 'deduplicate':
        return this.#deduplicate(plan, above);
      case 'limit':
        return this.#limit(plan, above);
      case 'sort': {
        const keys = compileRow(
          plan.order.map((order) => order.child),
          plan.child.output,
          above.part.setup,
        );
        return this.#operator(plan, above, (emit) => new Sort(plan.order, keys, emit), [plan.child]);
      }
      case 'join':
        return this.#join(plan, above);
      case 'setOperation':
        return this.#operator(plan, above, (emit) => new SetOperation(plan, emit), [plan.left, plan.right]);
      case 'windowFunctions':
        return this.#operator(plan, above, (emit) => new WindowFunctions(plan, above.part.setup, emit), [plan.child]);
      case 'flatMapGroupsWithState':
        return this.#operator(
          plan,
          above,
          (emit) => new GroupsWithState(plan, this.#site('flat-map-groups-with-state', [plan.child]), emit),
          [plan.child],
        );
      case 'transformWithState':
        return this.#transformWithState(plan, above);
    }
  }

  #step(child: ResolvedPlan, step: StageStep, above: Above): void {
    this.#node(child, { ...above, steps: [step, ...above.steps] });
  }

  /** Makes an operator whose rows go on above, and builds its children into its inputs. */
  #operator(
    plan: ResolvedPlan,
    above: Above,
    make: (emit: RowSink) => PhysicalOperator,
    children: readonly ResolvedPlan[],
  ): void {
    if (this.#outlet !== undefined) {
      for (const child of children) this.#into(child, nowhere, above.part);
      return;
    }
    const operator = make(this.#rowStage(plan, above));
    children.forEach((child, i) => {
      this.#into(child, operator.input(i), above.part);
    });
    this.#add(plan, operator, above);
  }

  #into(child: ResolvedPlan, emit: RowSink, part: PlanPart): void {
    this.#node(child, { steps: [], end: this.#rowsEnd(child.output, emit, part), part });
  }

  #rowsEnd(columns: readonly Attribute[], emit: RowSink, part: PlanPart): StageEnd {
    if (part !== this.#main) return { kind: 'rows', columns, emit };
    const end = this.#ends.push({ rows: emit }) - 1;
    return this.#outlet?.rows(end, columns) ?? { kind: 'rows', columns, emit };
  }

  /** Rows that are parts of groups; those of a part of the source are groups by themselves where these can be merged. */
  #groupsEnd(plan: AggregatePlan, groups: GroupTable, part: PlanPart): StageEnd {
    const end: StageEnd = { kind: 'groups', keys: plan.keys, groups };
    if (part !== this.#main) return end;
    const columns = groupedColumns(plan);
    const rows = lazySink(() => compileStage({ name: plan.kind, input: columns, steps: [], end }, part.setup).row);
    const at = this.#ends.push({ rows, groups }) - 1;
    if (this.#outlet === undefined) return end;
    return mergesExactly(plan) ? this.#outlet.groups(at, plan.keys, groups) : this.#outlet.rows(at, columns);
  }

  /** A part of its own for static data. */
  #static(plan: ResolvedPlan, isKept: boolean): StaticPart {
    const part = new StaticPart(this.#setup, isKept && mayKeep(plan));
    this.#statics.push(part);
    return part;
  }

  #rowStage(plan: ResolvedPlan, { steps, end, part }: Above): RowSink {
    return compileStage({ name: plan.kind, input: plan.output, steps, end }, part.setup).row;
  }

  #add(plan: ResolvedPlan, operator: PhysicalOperator, { part }: Above): void {
    part.operators.push(operator);
    const probe = this.#planProbe;
    if (probe !== undefined) part.ids.set(operator, probe.idOf(plan));
  }

  /** A step's id: its kind, with a number from the second of a kind on, counted from the sink. */
  #site(kind: string, children: readonly ResolvedPlan[]): StatefulSite {
    const count = (this.#ids.get(kind) ?? 0) + 1;
    this.#ids.set(kind, count);
    const watermarks = children.filter((child) => child.isStreaming).map(outputWatermark);
    return {
      id: count === 1 ? kind : `${kind}#${count}`,
      setup: this.#setup,
      inputWatermark: (watermarkUs) => Math.min(watermarkUs, ...watermarks.map((watermark) => watermark(watermarkUs))),
    };
  }

  #read(plan: Of<'read'> & ResolvedPlan, { steps, end, part }: Above): void {
    let known = this.#sources.get(plan.sourceId);
    if (known === undefined) this.#sources.set(plan.sourceId, (known = { node: plan, names: new Set(), scans: [] }));
    const stage = compileStage({ name: plan.format, input: plan.output, steps, end }, part.setup);
    for (const { name } of stage.reads) known.names.add(name);
    const { block, keepsBytes } = stage;
    known.scans.push({ names: stage.reads.map(({ name }) => name), block, keepsBytes, part });
  }

  #rows(plan: ResolvedPlan, above: Above, rows: () => Iterable<InternalRow>): void {
    const sink = this.#rowStage(plan, above);
    above.part.feeds.push(function* feed(): Generator<undefined> {
      let count = 0;
      for (const row of rows()) {
        sink(row);
        if (++count % rowsPerStep === 0) yield undefined;
      }
    });
  }

  #watermark(plan: Of<'watermark'> & ResolvedPlan, above: Above): void {
    const stats = new EventTimeStats(plan.delayMs);
    // In the order of the plan: children of this node come later.
    this.#eventTimes.push({
      stats,
      node: {
        column: plan.column.name,
        delayMs: plan.delayMs,
        idleTimeoutMs: plan.idleTimeoutMs,
        sourceIds: [...nodesOf(plan)].flatMap((node) =>
          node.kind === 'read' && node.isStreaming ? [node.sourceId] : [],
        ),
      },
    });
    this.#step(plan.child, { kind: 'eventTime', column: plan.column, stats }, above);
  }

  #generate(plan: Of<'generate'> & ResolvedPlan, above: Above): void {
    const { body } = plan.generator;
    if (body.kind !== 'generator') {
      return raise('INTERNAL_INVARIANT', { what: `${plan.generator.name} is no generator` });
    }
    const { ansi, timeZone, context } = above.part.setup;
    const call = body.bind({
      ansi,
      timeZone,
      context,
      args: plan.args,
      type: structOf(plan.columns),
    });
    this.#step(
      plan.child,
      { kind: 'generate', call, args: plan.args, columns: plan.columns, outer: plan.outer },
      above,
    );
  }

  #union(plan: Of<'union'> & ResolvedPlan, above: Above): void {
    for (const child of plan.children) {
      const columns = plan.output.map((attribute, i) => ({ attribute, expression: child.output[i] as Attribute }));
      this.#step(child, { kind: 'project', columns }, above);
    }
  }

  #observe(plan: Of<'observe'> & ResolvedPlan, above: Above): void {
    const observed = new ObservedMetrics(plan, above.part.setup);
    this.#observed.push(observed);
    this.#step(plan.child, { kind: 'tap', groups: observed.groups }, above);
  }

  #aggregate(plan: Of<'aggregate'> & ResolvedPlan, above: Above): void {
    const aggregation = bindAggregation(plan.aggregates, above.part.setup);
    if (this.#outlet !== undefined) {
      const end = this.#groupsEnd(plan, new GroupTable(plan.keys, aggregation), above.part);
      this.#node(plan.child, { steps: [], end, part: above.part });
      return;
    }
    const emit = this.#rowStage(plan, above);
    const isSession = plan.session !== undefined;
    const operator = plan.child.isStreaming
      ? isSession
        ? new SessionState(plan, aggregation, this.#site('session-window', [plan.child]), emit)
        : new AggregateState(plan, aggregation, this.#site('aggregate', [plan.child]), emit)
      : isSession
        ? new SessionBatch(plan, aggregation, emit)
        : new AggregateBatch(plan, aggregation, emit);
    const groups = this.#groupsEnd(plan, operator.groups, above.part);
    const look =
      'lateRowsOfGroups' in operator && (isSession || this.#setup.mode !== 'complete')
        ? operator.lateRowsOfGroups(plan.child.output, plan.keys)
        : undefined;
    // Late rows that somebody wants are looked at before they are parts of their groups.
    const steps = look === undefined ? [] : [look];
    this.#node(plan.child, { steps, end: groups, part: above.part });
    this.#add(plan, operator, above);
  }

  #deduplicate(plan: Of<'deduplicate'> & ResolvedPlan, above: Above): void {
    this.#operator(
      plan,
      above,
      (emit) => {
        if (plan.child.isStreaming) return new Deduplicate(plan, this.#site('deduplicate', [plan.child]), emit);
        const keyOf = keyReader(plan.child.output, plan.keys);
        const nameOf = valueKey(structOf(plan.keys));
        return new DeduplicateBatch((row) => nameOf(keyOf(row)), emit);
      },
      [plan.child],
    );
  }

  #limit(plan: Of<'limit'> & ResolvedPlan, above: Above): void {
    const isOverLife = plan.child.isStreaming && this.#setup.mode !== 'complete';
    this.#operator(
      plan,
      above,
      (emit) =>
        isOverLife ? new LimitState(plan, this.#site('limit', [plan.child]), emit) : new LimitBatch(plan, emit),
      [plan.child],
    );
  }

  #transformWithState(plan: Of<'transformWithState'> & ResolvedPlan, above: Above): void {
    if (this.#outlet !== undefined) {
      this.#into(plan.child, nowhere, above.part);
      return;
    }
    const operator = new TransformWithState(
      plan,
      this.#site('transform-with-state', [plan.child]),
      this.#rowStage(plan, above),
    );
    this.#into(plan.child, operator.input(0), above.part);
    if (plan.initialState !== undefined) {
      const { plan: initial } = plan.initialState;
      this.#into(initial, operator.input(1), plan.isStreaming ? this.#static(initial, false) : above.part);
    }
    this.#add(plan, operator, above);
    this.#closers.push(() => {
      operator.close();
    });
  }

  #join(plan: Of<'join'> & ResolvedPlan, above: Above): void {
    const condition = takeApart(plan.condition, plan.left.output, plan.right.output);
    if (plan.left.isStreaming && plan.right.isStreaming) {
      const spec = streamJoinSpec(plan, condition, this.#setup);
      this.#operator(plan, above, (emit) => new StreamJoin(spec, this.#site('join', [plan.left, plan.right]), emit), [
        plan.left,
        plan.right,
      ]);
    } else if (plan.left.isStreaming || plan.right.isStreaming) {
      this.#probe(plan, condition, above);
    } else {
      this.#operator(plan, above, (emit) => new BatchJoin(plan, condition, above.part.setup, emit), [
        plan.left,
        plan.right,
      ]);
    }
  }

  /** A join of a stream with static data: the stream's rows look up the other side within their stage. */
  #probe(plan: JoinPlan & ResolvedPlan, condition: JoinCondition, above: Above): void {
    const isLeftStream = plan.left.isStreaming;
    const stream = isLeftStream ? plan.left : plan.right;
    const fixed = isLeftStream ? plan.right : plan.left;
    const how = probeKind(plan.how, isLeftStream);
    const part = this.#static(fixed, true);
    const keysOf = compileRow(
      condition.keys.map((key) => (isLeftStream ? key.right : key.left)),
      fixed.output,
      part.setup,
    );
    const table = new StaticTable(
      condition.keys.map((key) => key.left.type),
      condition.keys.map((key) => key.nullSafe),
      keysOf,
    );
    const rest = [...condition.leftOnly, ...condition.rightOnly, ...condition.rest, ...unlessDiffer(plan.nullAware)];
    this.#tables.push({ table, width: fixed.output.length });
    if (this.#outlet === undefined) {
      const load = new StaticLoad(table);
      part.operators.push(load);
      this.#into(fixed, load.input(), part);
    }
    this.#step(
      stream,
      {
        kind: 'probe',
        table,
        keys: condition.keys.map((key) => (isLeftStream ? key.left : key.right)),
        how,
        conditions: rest,
        columns: fixed.output,
        ...(plan.exists === undefined ? {} : { exists: plan.exists }),
        ...(plan.isSingle === true ? { isSingle: true } : {}),
      },
      above,
    );
  }
}

function nowhere(): void {
  // Nothing is built here: what comes is collected before.
}

/** Made when the first row comes, if one does. */
function lazySink(make: () => RowSink): RowSink {
  let sink: RowSink | undefined;
  return (row) => {
    sink ??= make();
    sink(row);
  };
}

function structOf(columns: readonly Attribute[]): StructType {
  return { kind: 'struct', fields: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
}

function* rangeRows({ start, end, step }: { start: number; end: number; step: number }): Generator<InternalRow> {
  for (let value = start; step > 0 ? value < end : value > end; value += step) yield [value];
}
