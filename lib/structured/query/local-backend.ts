import type { CheckpointFactory } from '../../batch/checkpoint.ts';
import { runControl } from '../../batch/run-control.ts';
import { openCheckpoint } from '../../batch/checkpoint.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import { host } from '../../io/host.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import { tableFormat } from '../../io/table-format.ts';
import { opensTableSource, type SourceMemory, type TableRange, type TableSource } from '../../io/table-source.ts';
import { TextOptions } from '../../io/text-options.ts';
import type { Clock } from '../../kernel/clock.ts';
import { failure, raise } from '../../kernel/errors.ts';
import { commandMaster } from '../../kernel/master.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { StateStore } from '../../store/state-store.ts';
import { type AnalysisSession, siteOf } from '../analyzer/analysis-session.ts';
import { nodesOf } from '../analyzer/plan-tree.ts';
import { analyze } from '../analyzer/analyze.ts';
import { explainPlan } from '../analyzer/explain.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { streamingAdvice } from '../analyzer/streaming/advice.ts';
import { checkStreaming } from '../analyzer/streaming/check-streaming.ts';
import type { Backend, QueryOptions } from '../backend.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { OperatorSetup, TracedRow } from '../operators/physical-operator.ts';
import type { CompiledQuery, QuerySource } from '../operators/compiled-query.ts';
import { optimize } from '../optimizer/optimize.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { OutputMode } from '../plan/user-programs.ts';
import { compileQuery } from '../planner/compile-query.ts';
import { describePlan } from '../planner/describe-plan.ts';
import { PlanProbe } from '../planner/plan-probe.ts';
import { chooseThreads, openThreads } from '../threads/open-threads.ts';
import type { InternalRow } from '../types/data-type.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import { describeOperators, matchQuery, storedQuery } from './checkpoint-match.ts';
import { DryQuery } from './dry-query.ts';
import { checkLateRows, refuseLateRowsAlone } from '../analyzer/streaming/late-rows.ts';
import { LateOutput, type LateOutputSetup } from './late-output.ts';
import { LateSamples } from './late-samples.ts';
import { MicroBatchExecution, type QueryIdentity, type StaticSource } from './micro-batch-execution.ts';
import { type QueryConf, readQueryConf } from './query-conf.ts';
import { newQueryId } from './query-id.ts';
import { LookAhead } from './look-ahead.ts';
import { showStore } from './live-stores.ts';
import { tellWatches } from './running-queries.ts';
import { RunningQuery } from './running-query.ts';
import { createQuerySink } from './sinks/create-sink.ts';
import { isEmptyRange, SourceReader } from './source-reader.ts';
import type { StreamingQuery } from './streaming-query.ts';
import type { StreamingQueryManager } from './streaming-query-manager.ts';
import { traceRecord } from './record-trace.ts';
import { why } from './why.ts';
import type { WhyMoments } from './why-facts.ts';
import type { RecordTracer } from './why-record.ts';

/** What running queries needs of a session. */
export interface BackendSession extends AnalysisSession {
  readonly clock: Clock;
  readonly streams: StreamingQueryManager;
  /** Where checkpoints are kept; the durable store unless a test brings its own. */
  readonly openCheckpoint?: CheckpointFactory;
  /** Makes a plan known by a name: the table of a memory sink. */
  setView(name: string, plan: LogicalPlan): void;
}

/** Checkpoints of structured queries do not belong to an application: any program may go on with them. */
const checkpointOwner = 'millrace-structured';

/** Runs plans in this process. */
export class LocalBackend implements Backend {
  readonly #session: BackendSession;

  constructor(session: BackendSession) {
    this.#session = session;
  }

  analyze(plan: LogicalPlan): readonly Attribute[] {
    return analyze(plan, this.#session).output;
  }

  explain(plan: LogicalPlan, extended: boolean): string {
    return explainPlan(plan, this.#session, extended);
  }

  async collect(plan: LogicalPlan): Promise<readonly InternalRow[]> {
    tellWatches((watch) => {
      watch.collected?.();
    });
    const all: InternalRow[] = [];
    for await (const rows of this.#rows(plan)) for (const row of rows) all.push(row);
    return all;
  }

  async *iterate(plan: LogicalPlan): AsyncGenerator<readonly InternalRow[], void, undefined> {
    tellWatches((watch) => {
      watch.collected?.();
    });
    yield* this.#rows(plan);
  }

  async *#rows(plan: LogicalPlan): AsyncGenerator<readonly InternalRow[], void, undefined> {
    const resolved = optimize(analyze(plan, this.#session), siteOf(this.#session));
    let rows: InternalRow[] = [];
    const take = (): readonly InternalRow[] => {
      const taken = rows;
      rows = [];
      return taken;
    };
    const store = new MemoryStore({ clock: this.#session.clock });
    const { compiled, ahead } = this.#compile(resolved, 'append', store, (row) => rows.push(row));
    try {
      await ahead.begin();
      compiled.begin({
        batchId: 0,
        watermarkUs: undefined,
        lateWatermarkUs: undefined,
        processingTimeMs: this.#session.clock.now(),
      });
      for (const source of compiled.sources) {
        for await (const block of this.#scan(source, ahead)) {
          compiled.push(source.sourceId, block);
          if (rows.length > 0) yield take();
        }
      }
      for (const _ of compiled.steps()) if (rows.length > 0) yield take();
      if (rows.length > 0) yield take();
    } finally {
      compiled.close();
      await store.close();
    }
  }

  async start(plan: LogicalPlan, options: QueryOptions): Promise<StreamingQuery> {
    const { beforeStart } = runControl();
    if (beforeStart !== undefined) await beforeStart();
    const { streams } = this.#session;
    const resolved = analyze(plan, this.#session);
    checkStreaming(resolved, options.mode);
    refuseLateRowsAlone(resolved);
    const optimized = optimize(resolved, siteOf(this.#session), {
      keepsColumns: options.late !== undefined,
      keepsTimes: runControl().measuring?.lateRows !== undefined,
    });
    for (const text of streamingAdvice(optimized, options.mode)) host().warn(text);
    const location = new TextOptions(options.options).get('checkpointLocation');
    if (runControl().startsQuery?.(location) === false) return this.#plan(plan, optimized, options);
    const release = streams.reserve(options.name);
    try {
      return await this.#start(plan, optimized, options, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Tells what would run, and starts nothing. */
  #plan(plan: LogicalPlan, optimized: ResolvedPlan, options: QueryOptions): StreamingQuery {
    const query = new DryQuery(options.name ?? null);
    tellWatches((watch) => {
      watch.planned?.({
        name: query.name,
        mode: options.mode,
        format: options.format,
        checkpoint: new TextOptions(options.options).get('checkpointLocation'),
        nodes: describePlan(optimized),
        watermarkDelayMs: longestDelayMs(optimized),
        explain: (extended) => this.explain(plan, extended),
        trace: this.#tracer(optimized, options.mode),
      });
    });
    return query;
  }

  async #start(
    plan: LogicalPlan,
    optimized: ResolvedPlan,
    options: QueryOptions,
    release: () => unknown,
  ): Promise<StreamingQuery> {
    const { clock, streams, conf: sessionConf } = this.#session;
    const conf = readQueryConf(sessionConf);
    const location = this.#checkpointLocation(options, conf);
    const sink = createQuerySink(runControl().hasNoEffects === true ? withoutEffects(options) : options, {
      output: optimized.output,
      timeZone: conf.timeZone,
      clock,
      views: this.#session,
      isRecoverable: location !== undefined,
      fileLogCompactInterval: conf.fileLogCompactInterval,
    });
    const opened: { close(): Promise<void> | void }[] = [sink];
    const closeAll = async (): Promise<void> => {
      for (const one of opened.splice(0).toReversed()) await one.close();
    };
    try {
      const store = await this.#openStore(location, conf, options.openCheckpoint);
      opened.push(store);
      if (location !== undefined) opened.push({ close: showStore(location, store) });
      const late = this.#late(plan, options, { store, conf, isRecoverable: location !== undefined });
      if (late !== undefined) opened.push(late.sink, { close: () => late.compiled.close() });
      const lateOutput = late === undefined ? undefined : new LateOutput(late);
      const shownLate = runControl().measuring?.lateRows;
      const lateSamples = shownLate === undefined ? undefined : new LateSamples(shownLate);
      let outputRows = 0;
      const choice = chooseThreads(optimized, options, sessionConf.getOption('spark.master') ?? commandMaster(), warn);
      const { compiled, context, ahead, setup } = this.#compile(
        optimized,
        options.mode,
        store,
        (row) => {
          outputRows += 1;
          sink.add(row);
        },
        lateTakers(lateOutput, lateSamples),
      );
      opened.push({
        close: () => {
          compiled.close();
        },
      });
      const sources = compiled.sources
        .filter(({ isStreaming }) => isStreaming)
        .map((source, i) => {
          const readsElsewhere = choice !== undefined && !choice.stays.has(source.sourceId);
          return new SourceReader(i, source, this.#stream(source, ahead, readsElsewhere), store);
        });
      for (const { source } of sources) opened.push(source);
      const known = storedQuery(store);
      if (known !== undefined && options.format.toLowerCase() === 'memory' && options.mode !== 'complete') {
        raise('QUERY_CANNOT_RECOVER', { format: 'memory', directory: location ?? '', mode: options.mode });
      }
      const id = known?.queryId ?? newQueryId();
      matchQuery(
        store,
        {
          queryId: id,
          sources: sources.map(({ source }) => source.description),
          operators: describeOperators(compiled),
          mode: options.mode,
          watermarks: compiled.watermarks.map(({ column, delayMs, sourceIds }) => ({
            column,
            delayMs,
            sources: sources.filter((source) => sourceIds.includes(source.id)).map(({ name }) => name),
          })),
        },
        checkpointOwner,
      );
      await ahead.begin();
      const apart =
        choice === undefined
          ? undefined
          : openThreads(choice, { plan: optimized, setup, compiled, options, sources, warn });
      if (apart !== undefined) opened.push(apart);
      const identity: QueryIdentity = { id, runId: newQueryId(), name: options.name ?? null };
      const execution = new MicroBatchExecution({
        identity,
        conf,
        clock,
        trigger: options.trigger,
        store,
        compiled,
        context,
        apart,
        hasWatermark: [...nodesOf(optimized)].some(({ kind }) => kind === 'watermark'),
        sources,
        statics: await this.#statics(compiled, ahead),
        sink,
        late: lateOutput,
        lateSamples,
        takeOutputRows: () => {
          const rows = outputRows;
          outputRows = 0;
          return rows;
        },
        onBatchStarted: (batchId) => {
          tellWatches((watch) => {
            watch.batchStarted(batchId);
          });
        },
        onProgress: (progress, detail) => {
          tellWatches((watch) => {
            watch.progressed(progress, detail);
          });
          streams.tell('onQueryProgress', { progress });
        },
        onIdle: () => {
          streams.tell('onQueryIdle', { id, runId: identity.runId, timestamp: streams.now() });
        },
        warn,
      });
      await execution.open();
      streams.tell('onQueryStarted', { ...identity, timestamp: streams.now() });
      const query = new RunningQuery({
        identity,
        execution,
        clock,
        explain: (isExtended) => {
          void host().write(`${this.explain(plan, isExtended)}\n`);
        },
        why: async (question) =>
          await why(
            { moments: momentsOf(store), zone: zoneOf(conf), trace: this.#tracer(optimized, options.mode) },
            question,
          ),
        close: closeAll,
        inspection: {
          store,
          checkpoint: location,
          nodes: describePlan(optimized),
          watermarkDelayMs: longestDelayMs(optimized),
        },
        onTerminated: (ended) => {
          release();
          streams.ended(ended);
          tellWatches((watch) => {
            watch.ended?.(ended);
          });
        },
      });
      streams.started(query, location);
      tellWatches((watch) => {
        watch.started(query);
      });
      return query;
    } catch (error) {
      await closeAll();
      throw error;
    }
  }

  /** Runs single records through the plan of a query, beside it or without it. */
  #tracer(plan: ResolvedPlan, mode: OutputMode): RecordTracer {
    const tools = {
      plan,
      clock: this.#session.clock,
      compile: (
        store: StateStore,
        emit: () => void,
        { trace, probe }: { readonly trace: (row: TracedRow) => void; readonly probe: PlanProbe },
      ) => this.#compile(plan, mode, store, emit, { trace }, probe),
      stream: (source: QuerySource, ahead: LookAhead) => this.#stream(source, ahead, false),
      statics: async (compiled: CompiledQuery, ahead: LookAhead) => await this.#statics(compiled, ahead),
    };
    return async (record, afterEarlier) => await traceRecord(tools, record, afterEarlier);
  }

  /** The second output of a query, for its late rows. */
  #late(
    plan: LogicalPlan,
    { late }: QueryOptions,
    {
      store,
      conf,
      isRecoverable,
    }: { readonly store: StateStore; readonly conf: QueryConf; readonly isRecoverable: boolean },
  ): LateOutputSetup | undefined {
    if (late === undefined) return undefined;
    const resolved = analyze(late.plan, this.#session);
    checkLateRows(resolved, plan.planId);
    const optimized = optimize(resolved, siteOf(this.#session));
    const sink = createQuerySink(late.options, {
      output: optimized.output,
      timeZone: conf.timeZone,
      clock: this.#session.clock,
      views: this.#session,
      isRecoverable,
      fileLogCompactInterval: conf.fileLogCompactInterval,
    });
    const { compiled, context } = this.#compile(optimized, 'append', store, (row) => {
      sink.add(row);
    });
    return { compiled, context, sink };
  }

  #compile(
    plan: ResolvedPlan,
    mode: OutputMode,
    store: StateStore,
    emit: (row: InternalRow) => void,
    extra: Pick<OperatorSetup, 'late' | 'wantsLate' | 'trace'> = {},
    given?: PlanProbe,
  ): {
    readonly compiled: CompiledQuery;
    readonly context: EvaluationContext;
    readonly ahead: LookAhead;
    readonly setup: OperatorSetup;
  } {
    const { conf, clock } = this.#session;
    const context: EvaluationContext = { batchTimestampUs: clock.now() * 1000, partitionId: 0 };
    const { measuring } = runControl();
    const probe = given ?? (measuring === undefined ? undefined : new PlanProbe(plan, measuring, clock));
    const setup: OperatorSetup = {
      store,
      mode,
      context,
      ansi: conf.isAnsi,
      timeZone: conf.timeZone,
      mayGenerate: readQueryConf(conf).mayGenerate,
      ...extra,
    };
    return { compiled: compileQuery(plan, setup, emit, probe), context, ahead: new LookAhead(plan, setup), setup };
  }

  /** Where the query's checkpoint is; undefined when it has none and its state ends with it. */
  #checkpointLocation(options: QueryOptions, conf: QueryConf): string | undefined {
    const given = new TextOptions(options.options).get('checkpointLocation');
    if (given !== undefined) return given;
    if (conf.checkpointRoot === undefined) return undefined;
    if (options.name !== undefined) return `${conf.checkpointRoot}/${options.name}`;
    const directory = `${conf.checkpointRoot}/${newQueryId()}`;
    host().warn(failure('QUERY_UNNAMED_CHECKPOINT', { directory }).message);
    return directory;
  }

  async #openStore(
    location: string | undefined,
    conf: QueryConf,
    given: CheckpointFactory | undefined,
  ): Promise<StateStore> {
    const { clock, streams } = this.#session;
    const controlled = runControl().openCheckpoint;
    const open = controlled ?? given ?? this.#session.openCheckpoint ?? openCheckpoint;
    if (location === undefined) return new MemoryStore({ clock, retainVersions: 1 });
    const active = streams.activeAt(location);
    if (active !== undefined) {
      if (!conf.stopActiveRun) raise('QUERY_CHECKPOINT_IN_USE', { id: active.id, directory: location });
      await active.stop();
    }
    return await open(location, {
      appName: checkpointOwner,
      clock,
      retainVersions: conf.minVersionsToRetain,
      warn,
    });
  }

  #stream(source: QuerySource, ahead: LookAhead, readsElsewhere: boolean): TableSource {
    const opened = this.#openStream(source, readsElsewhere);
    return ahead.looksAt(source.sourceId) ? lookingAhead(opened, source.sourceId, ahead) : opened;
  }

  #openStream(source: QuerySource, readsElsewhere: boolean): TableSource {
    if (source.source !== undefined && opensTableSource(source.source)) return source.source.tableSource();
    const stream = tableFormat(source.format)?.stream;
    if (stream === undefined) raise('SOURCE_NOT_A_STREAM', notA(source.format, 'read as a stream', 'spark.read'));
    return stream(new TextOptions(source.options), { ...this.#context(), readsElsewhere });
  }

  #scan(source: QuerySource, ahead: LookAhead): AsyncIterable<ColumnarBlock> {
    const blocks = this.#openScan(source);
    return ahead.looksAt(source.sourceId) ? ahead.blocks(source.sourceId, blocks) : blocks;
  }

  #openScan(source: QuerySource): AsyncIterable<ColumnarBlock> {
    if (source.source !== undefined && opensTableSource(source.source)) return everything(source.source.tableSource());
    const scan = tableFormat(source.format)?.scan;
    if (scan === undefined) raise('SOURCE_NOT_A_STREAM', notA(source.format, 'read as a table', 'spark.readStream'));
    return scan(new TextOptions(source.options), this.#context());
  }

  /** Static tables are read once, when the query starts. */
  async #statics(compiled: CompiledQuery, ahead: LookAhead): Promise<readonly StaticSource[]> {
    const statics: StaticSource[] = [];
    for (const source of compiled.sources) {
      if (source.isStreaming) continue;
      const blocks: ColumnarBlock[] = [];
      for await (const block of this.#scan(source, ahead)) blocks.push(block);
      statics.push({ id: source.sourceId, blocks });
    }
    return statics;
  }

  #context(): ConnectorContext {
    return {
      clock: this.#session.clock,
      warn,
    };
  }
}

function warn(text: string): void {
  host().warn(text);
}

/** A source whose blocks are looked through before they are given on. */
function lookingAhead(source: TableSource, sourceId: number, ahead: LookAhead): TableSource {
  return new Proxy(source, {
    get(target, name) {
      if (name === 'read') return (range: TableRange) => ahead.blocks(sourceId, target.read(range));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function* everything(source: TableSource): AsyncGenerator<ColumnarBlock, void, undefined> {
  const from = await source.open(undefined, noMemory);
  const range = await source.available(from, true);
  try {
    if (!isEmptyRange(range)) yield* source.read(range);
  } finally {
    await source.close();
  }
}

/** A table that is read once has nothing to remember. */
const noMemory: SourceMemory = {
  get: () => undefined,
  put: () => undefined,
  remove: () => undefined,
  entries: () => [],
};

/** The same query, with a sink that takes rows and drops them. */
function withoutEffects({ mode, options, trigger, name }: QueryOptions): QueryOptions {
  return { mode, options, trigger, format: 'noop', partitionBy: [], ...(name === undefined ? {} : { name }) };
}

function longestDelayMs(plan: ResolvedPlan): number | undefined {
  const delays = [...nodesOf(plan)].flatMap((node) => (node.kind === 'watermark' ? [node.delayMs] : []));
  return delays.length === 0 ? undefined : Math.max(...delays);
}

function notA(
  format: string,
  action: string,
  instead: string,
): Readonly<Record<'format' | 'action' | 'instead', string>> {
  return { format, action, instead };
}

/** The committed moment of a running query. */
function momentsOf(store: StateStore): WhyMoments {
  return {
    read: (body) => {
      const last = store.lastCommitted?.version;
      return body({
        program: store.program,
        commits: store.versions,
        plans: store.donePlans,
        table: (operator, name, version = last) =>
          version === undefined ? new Map() : store.tableAt(version, operator, name),
      });
    },
  };
}

function zoneOf({ timeZone: name }: QueryConf): TimeZone {
  return (
    timeZone(name) ?? raise('INVALID_CONF_VALUE.TIME_ZONE', { confName: 'spark.sql.session.timeZone', confValue: name })
  );
}

/** Who takes the late rows of a query: its second output, who looks on, both or nobody. */
function lateTakers(
  output: LateOutput | undefined,
  samples: LateSamples | undefined,
): Pick<OperatorSetup, 'late' | 'wantsLate'> {
  if (output === undefined && samples === undefined) return {};
  const late = (row: InternalRow): void => {
    output?.take(row);
    samples?.take(row);
  };
  return output === undefined ? { late, wantsLate: () => samples?.hasRoom ?? false } : { late };
}
