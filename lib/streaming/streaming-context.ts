import { type CheckpointFactory, openCheckpoint } from '../batch/checkpoint.ts';
import { runControl } from '../batch/run-control.ts';
import type { Clock } from '../kernel/clock.ts';
import { SystemClock, systemClock } from '../kernel/clock.ts';
import { messageOf, raise } from '../kernel/errors.ts';
import { type Duration, durationMs, type Time } from '../kernel/time.ts';
import type { KafkaStreamOptions } from '../io/kafka-stream-options.ts';
import { host } from '../io/host.ts';
import type { Source } from '../io/source.ts';
import { textLines } from '../io/text-lines.ts';
import { type ConnectorContext, createSource } from '../io/registry.ts';
import type { Mapped } from '../rdd/pair.ts';
import { requirePartitions } from '../rdd/operators/coalesce.ts';
import { UnionNode } from '../rdd/operators/union.ts';
import { kindOf } from '../rdd/function-failure.ts';
import type { RDD } from '../rdd/rdd.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import { hasAccumulators, SparkContext } from '../rdd/spark-context.ts';
import { combineStreams, overRdds } from './combine-streams.ts';
import { type Config, Configuration } from './configuration.ts';
import { endsWithin } from '../kernel/deadline.ts';
import { DStream } from './dstream.ts';
import { DStreamGraph } from './dstream-graph.ts';
import type { StreamingListener } from './events.ts';
import type { InputNode } from './input-node.ts';
import { KafkaDStream, type KafkaRecord } from './kafka-dstream.ts';
import { kafkaRates } from './kafka-rates.ts';
import { binaryRecordsInput, fileInput, type FileStreamOptions } from './inputs/file-stream.ts';
import { QueueInput, type QueuedBatch } from './inputs/queue-input.ts';
import { ReceiverInput } from './inputs/receiver-input.ts';
import { socketReceiver } from './inputs/socket-stream.ts';
import { SourceInput } from './inputs/source-input.ts';
import { ListenerBus } from './listener-bus.ts';
import type { OutputContext } from './output-operation.ts';
import type { Printer } from './outputs/print.ts';
import { Receiver } from './receivers/receiver.ts';
import type { SocketConverter } from './receivers/socket-receiver.ts';
import { requireFunction, requireObject, requireOptions, requireText } from './arguments.ts';
import { contextStarting } from './running-contexts.ts';
import type { Step } from './step.ts';
import { StreamingRun } from './streaming-run.ts';

export interface StreamingContextOptions {
  /** Part of a checkpoint's identity. */
  readonly appName: string;
  /** Length of one batch. */
  readonly batchInterval: Duration;
  /** On how many threads the program runs: `local[2]`, `local[*]` for as many as there are processors; one unless told otherwise. */
  readonly master?: string;
  /** Real time unless told otherwise. */
  readonly clock?: Clock;
  readonly config?: Config;
  /** Opens the checkpoint directory in place of the durable store: for tests, which keep "directories" in memory. */
  readonly openCheckpoint?: CheckpointFactory;
}

/**
 * ```
 * INITIALIZED --start--> ACTIVE --stop, or a failed batch--> STOPPED
 *      `------------------stop, or a failed start-------------^
 * ```
 * Never back.
 */
export type StreamingContextState = 'INITIALIZED' | 'ACTIVE' | 'STOPPED';

export interface StopOptions {
  /** Lets the next two boundaries still become batches and finishes everything that is due, as Spark does. */
  readonly graceful?: boolean;
  /** Accepted as in Spark. A SparkContext holds nothing that would have to be stopped. */
  readonly stopSparkContext?: boolean;
}

export interface QueueStreamOptions<T> {
  readonly oneAtATime?: boolean;
  readonly default?: QueuedBatch<T> | null;
  readonly numPartitions?: number;
}

/** The RDDs of streams, each of its stream's type. */
export type RddsOf<S extends readonly DStream<unknown>[]> = {
  -readonly [I in keyof S]: S[I] extends DStream<infer T> ? RDD<T> : never;
};

/** One context is active at a time in a process, as in Spark. */
let active: StreamingContext | undefined;

function activate(context: StreamingContext): void {
  active = context;
}

/**
 * A streaming program: its inputs, what is done with them, and the clock that cuts them into batches.
 *
 * Build streams first, then `start`. Batches run strictly in order, one at a time; the output operations of a batch in the order of the
 * program's text. A failed batch stops the context and is not committed: it runs again, with the same records, at the next start.
 *
 * @example
 * const ssc = new StreamingContext({ appName: 'words', batchInterval: seconds(1) });
 * ssc.queueStream([['a b', 'a']]).flatMap(line => line.split(' ')).countByValue().print();
 * await ssc.start();
 */
export class StreamingContext {
  readonly appName: string;
  readonly batchMs: number;
  readonly clock: Clock;
  readonly sparkContext: SparkContext;
  readonly config: Configuration;
  /** The program as it was built. For the engine. */
  readonly graph = new DStreamGraph();
  readonly #bus = new ListenerBus((text) => {
    this.warn(text);
  });
  readonly #openCheckpoint: CheckpointFactory;
  #state: StreamingContextState = 'INITIALIZED';
  #checkpointDir: string | undefined;
  #continues = false;
  #createOnError = false;
  #run: StreamingRun | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #printer: Printer = async (text) => {
    await host().write(text);
  };
  #failure: { readonly error: unknown } | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(options: StreamingContextOptions) {
    requireOptions('StreamingContext', options, [
      'appName',
      'batchInterval',
      'master',
      'clock',
      'config',
      'openCheckpoint',
    ]);
    if (typeof options.appName !== 'string' || options.appName === '') {
      raise('CONFIG_VALUE', {
        name: 'appName',
        value: JSON.stringify(options.appName),
        expected: 'a text that is not empty',
      });
    }
    this.appName = options.appName;
    this.batchMs = durationMs(options.batchInterval);
    this.clock = options.clock ?? runControl().clock ?? systemClock;
    const { master } = options;
    this.config = new Configuration({ ...options.config, ...(master === undefined ? {} : { 'spark.master': master }) });
    this.#openCheckpoint = runControl().openCheckpoint ?? options.openCheckpoint ?? openCheckpoint;
    this.sparkContext = new SparkContext({
      appName: options.appName,
      defaultParallelism: this.config.number('spark.default.parallelism'),
      clock: this.clock,
      freezesRecords: this.config.flag('millrace.development'),
    });
  }

  /**
   * The context of a program that goes on where its checkpoint ended: `create` is always called, builds the same graph again and sets
   * the checkpoint directory; state is matched to its steps by their ids at `start`. With `createOnError` a checkpoint that cannot be read
   * is moved out of the way, and the program begins anew.
   */
  static async getOrCreate(
    directory: string,
    create: () => StreamingContext | Promise<StreamingContext>,
    options: { readonly createOnError?: boolean } = {},
  ): Promise<StreamingContext> {
    requireOptions('getOrCreate', options, ['createOnError']);
    requireText('getOrCreate', 'directory', directory, 'the path of a directory');
    requireFunction('getOrCreate', 'create', create);
    const context = await create();
    if (!(context instanceof StreamingContext)) {
      raise('CONFIG_VALUE', {
        name: 'create',
        value: String(context),
        expected: 'a function that returns a StreamingContext',
      });
    }
    context.#checkpointDir ??= directory;
    if (context.#checkpointDir !== directory) {
      raise('CONFIG_VALUE', {
        name: 'checkpoint directory',
        value: context.#checkpointDir,
        expected: `${directory}, as given to getOrCreate`,
      });
    }
    context.#continues = true;
    context.#createOnError = options.createOnError ?? false;
    return context;
  }

  /** The context that is active in this process. */
  static getActive(): StreamingContext | null {
    return active ?? null;
  }

  /** The active context, or else as `getOrCreate`. */
  static async getActiveOrCreate(
    directory: string,
    create: () => StreamingContext | Promise<StreamingContext>,
    options: { readonly createOnError?: boolean } = {},
  ): Promise<StreamingContext> {
    return active ?? (await StreamingContext.getOrCreate(directory, create, options));
  }

  /** Where state, offsets and batch times are kept. Without it they end with the process. */
  checkpoint(directory: string): void {
    requireText('checkpoint', 'directory', directory, 'the path of a directory');
    if (this.#state !== 'INITIALIZED') raise('STREAM_SETTING_FROZEN', { setting: 'The checkpoint directory' });
    this.#checkpointDir = directory;
  }

  get checkpointDir(): string | undefined {
    return this.#checkpointDir;
  }

  /** Keeps the batches of every stream for at least this long, for `slice` and late readers. Once. */
  remember(duration: Duration): void {
    this.graph.remember(durationMs(duration));
  }

  getState(): StreamingContextState {
    return this.#state;
  }

  addStreamingListener(listener: StreamingListener): void {
    requireObject('addStreamingListener', 'listener', listener, 'an object with functions such as onBatchCompleted');
    this.#bus.add(listener);
  }

  removeStreamingListener(listener: StreamingListener): void {
    this.#bus.remove(listener);
  }

  /** Who writes what `print` prints; standard output unless set. */
  setPrinter(printer: Printer): void {
    requireFunction('setPrinter', 'printer', printer);
    this.#printer = printer;
  }

  async print(text: string, context: OutputContext): Promise<void> {
    await this.#printer(text, context);
  }

  warn(text: string): void {
    host().warn(text);
  }

  /** What connectors are given. */
  get connectorContext(): ConnectorContext {
    return {
      clock: this.clock,
      warn: (text) => {
        this.warn(text);
      },
    };
  }

  /** The records of Kafka topics, read directly: each batch knows its offset ranges, and no consumer group takes part. */
  kafkaStream<K = string | null, V = string>(options: KafkaStreamOptions): KafkaDStream<KafkaRecord<K, V>> {
    if (typeof options !== 'object' || options === null) {
      const expected = "an object such as { brokers: ['localhost:9092'], topics: ['lines'] }";
      raise('STREAM_ARGUMENT', { method: 'kafkaStream', name: 'its options', given: kindOf(options), expected });
    }
    const step = this.graph.step('kafka', []);
    const rates = kafkaRates(options);
    const source = createSource('kafka', { ...options }, this.connectorContext) as Source<KafkaRecord<K, V>>;
    const node = new SourceInput(step, this.batchMs, source, rates);
    this.graph.addInput(node);
    return new KafkaDStream(this, node);
  }

  /** Batches the program provides itself: one entry of the queue each, or all that are there. For tests and first steps. */
  queueStream<T extends Mapped>(
    queue: QueuedBatch<T>[],
    oneAtATime: boolean | QueueStreamOptions<T> = true,
    whenEmpty?: QueuedBatch<T> | null,
  ): DStream<T> {
    const options = typeof oneAtATime === 'boolean' ? { oneAtATime, default: whenEmpty } : oneAtATime;
    requireOptions('queueStream', options, ['oneAtATime', 'default', 'numPartitions']);
    const settings = {
      oneAtATime: options.oneAtATime ?? true,
      whenEmpty: options.default,
      numPartitions:
        ('numPartitions' in options ? options.numPartitions : undefined) ?? this.sparkContext.defaultParallelism,
    };
    requirePartitions('queueStream', settings.numPartitions);
    return this.inputStream('queue', (step, slideMs) => new QueueInput<T>(step, slideMs, queue, settings));
  }

  /** The lines that a TCP server sends. Connects again when the connection ends; what was on its way then is lost. */
  socketTextStream(hostname: string, port: number): DStream<string> {
    return this.socketStream(hostname, port, textLines);
  }

  /** What a TCP server sends, as a function of the program takes it apart: given the bytes as they come, it gives groups of records. */
  socketStream<T>(hostname: string, port: number, convert: SocketConverter<T>): DStream<T> {
    return this.#receiverInput('socket', socketReceiver(hostname, port, convert));
  }

  /**
   * The lines of the files that are new in a folder. Write files elsewhere and move them in: what is added later is not seen. Hidden
   * files (`.name`) are left out.
   */
  textFileStream(directory: string): DStream<string> {
    return this.inputStream('text-file', fileInput(directory));
  }

  /** The records of the files that are new in a folder: which files, and what is in them, as the options say. */
  fileStream<T = string>(directory: string, options: FileStreamOptions<T> = {}): DStream<T> {
    return this.inputStream('file', fileInput(directory, options));
  }

  /** Records of `recordLength` bytes from the files that are new in a folder. */
  binaryRecordsStream(
    directory: string,
    recordLength: number,
    options: Omit<FileStreamOptions, 'parse'> = {},
  ): DStream<Uint8Array> {
    return this.inputStream('binary-records', binaryRecordsInput(directory, recordLength, options));
  }

  /** What a receiver of one's own stores. */
  receiverStream<T>(receiver: Receiver<T>): DStream<T> {
    if (!(receiver instanceof Receiver)) {
      raise('CONFIG_VALUE', {
        name: 'receiver',
        value: String(receiver),
        expected: 'an object of a class that extends Receiver',
      });
    }
    return this.#receiverInput('receiver', receiver);
  }

  #receiverInput<T>(method: string, receiver: Receiver<T>): DStream<T> {
    return this.inputStream(method, (step, slideMs) => new ReceiverInput(step, slideMs, receiver));
  }

  /** A stream of an input of one's own. */
  inputStream<T>(method: string, create: (step: Step, slideMs: number) => InputNode<T>): DStream<T> {
    const node = create(this.graph.step(method, []), this.batchMs);
    this.graph.addInput(node);
    return new DStream(this, node);
  }

  /** The elements of all streams, which slide alike. */
  union<T>(streams: readonly DStream<T>[]): DStream<T> {
    const node = combineStreams<T>('union', streams, (rdds) => new UnionNode(rdds as readonly RddNode<T>[]));
    return new DStream(this, node);
  }

  /** What a function makes of the RDDs of several streams in each batch. It may be async, and must return an RDD. */
  transform<S extends readonly DStream<unknown>[], U>(
    streams: readonly [...S],
    f: (rdds: RddsOf<S>, time: Time) => RDD<U> | Promise<RDD<U>>,
  ): DStream<U> {
    requireFunction('transform', 'f', f);
    const combine = overRdds<U>('transform', this.sparkContext, (rdds, time) => f(rdds as unknown as RddsOf<S>, time));
    return new DStream(this, combineStreams('transform', streams, combine));
  }

  /** Opens checkpoint and inputs, runs again what was in flight, then begins to cut batches. A second call while active does nothing. */
  async start(): Promise<void> {
    if (this.#state === 'STOPPED') raise('STREAM_CONTEXT_STOPPED', {});
    const { beforeStart, takesOver } = runControl();
    if (takesOver !== undefined) await takesOver(this);
    if (beforeStart !== undefined) await beforeStart();
    if (this.#starting !== undefined) {
      this.warn('The context is started already.');
      await this.#starting;
      return;
    }
    if (active !== undefined) raise('STREAM_CONTEXT_ACTIVE', {});
    // First: where no host is installed nothing has been started.
    // A test on a clock of its own is not what a signal is meant for.
    if (this.clock instanceof SystemClock) {
      this.#forgetShutdown = host().onShutdown?.(async () => {
        await this.stop({ graceful: this.config.flag('spark.streaming.stopGracefullyOnShutdown') });
      });
    }
    activate(this);
    this.#state = 'ACTIVE';
    this.graph.freeze('after the context was started');
    contextStarting(this);
    if (runControl().isDry === true) {
      this.graph.validate(this.#checkpointDir);
      this.#over();
      return;
    }
    this.#starting = this.#start();
    await this.#starting;
  }

  /**
   * Stops. The running batch is finished, or dropped after `millrace.stop.timeout` (10 s): what is dropped runs again at the next start.
   * May be called twice. Do not wait for it inside an output operation, which it waits for.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    requireOptions('stop', options, ['graceful', 'stopSparkContext']);
    if (this.#bus.isDelivering) raise('STREAM_STOP_IN_LISTENER', {});
    if (this.#state !== 'ACTIVE' && this.#stopping === undefined) {
      this.warn(
        this.#state === 'STOPPED'
          ? 'The context is stopped already.'
          : 'The context was stopped before it was started.',
      );
    }
    this.#stopping ??= this.#stop(options.graceful ?? false);
    await this.#stopping;
  }

  /** Resolves when the context has stopped; rejects with the error of a failed batch. */
  async awaitTermination(): Promise<void> {
    await this.awaitTerminationOrTimeout(Number.POSITIVE_INFINITY);
  }

  /** As `awaitTermination`, for a while: true when the context has stopped, false when the time is up. */
  async awaitTerminationOrTimeout(timeoutMs: number): Promise<boolean> {
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      const expected = 'milliseconds, 0 or more';
      raise('STREAM_ARGUMENT', {
        method: 'awaitTerminationOrTimeout',
        name: 'timeoutMs',
        given: String(timeoutMs),
        expected,
      });
    }
    const ended = (): boolean => this.#failure !== undefined || this.#isOver();
    if (!ended()) {
      const woken = new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
      if (timeoutMs === Number.POSITIVE_INFINITY) await woken;
      else await endsWithin(this.clock, woken, timeoutMs);
    }
    // A context that a failure stops is over only when everything is closed.
    if (this.#failure !== undefined && this.#stopping !== undefined) await this.#reportStop(this.#stopping);
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#isOver();
  }

  /** Whether a batch has failed. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** What runs, for the engine and for tests; undefined until started. */
  get run(): StreamingRun | undefined {
    return this.#run;
  }

  #isOver(): boolean {
    return this.#state === 'STOPPED' && (this.#stopping === undefined || this.#isClosed);
  }

  #isClosed = false;
  #forgetShutdown: (() => void) | undefined;

  async #start(): Promise<void> {
    try {
      this.#run = await StreamingRun.start({
        appName: this.appName,
        batchMs: this.batchMs,
        program: this.graph,
        config: this.config,
        clock: this.clock,
        bus: this.#bus,
        checkpointDir: this.#checkpointDir,
        continues: this.#continues,
        createOnError: this.#createOnError,
        openCheckpoint: this.#openCheckpoint,
        hasAccumulators: hasAccumulators(this.sparkContext),
        onFailure: (error) => {
          this.#fail(error);
        },
        warn: (text) => {
          this.warn(text);
        },
      });
    } catch (error) {
      this.#over();
      throw error;
    }
  }

  /** Ours: the context stops. Spark's: whoever waits is told, and the context goes on. */
  #fail(error: unknown): void {
    const isFirst = this.#failure === undefined;
    this.#failure ??= { error };
    if (this.config.flag('millrace.spark.compat')) {
      if (!isFirst) this.warn(messageOf(error));
      this.#wake();
      return;
    }
    // Not awaited here: it waits for the batch that is just reporting its failure.
    this.#stopping ??= this.#stop(false);
    void this.#reportStop(this.#stopping);
  }

  async #reportStop(stopping: Promise<void>): Promise<void> {
    try {
      await stopping;
    } catch (error) {
      this.warn(messageOf(error));
    }
  }

  async #stop(graceful: boolean): Promise<void> {
    try {
      // At once where it runs already: no further batch may begin once stop was called.
      if (this.#run === undefined) await this.#starting?.catch(() => undefined);
      await this.#run?.stop(graceful);
    } finally {
      this.#over();
    }
  }

  #over(): void {
    this.#state = 'STOPPED';
    this.#isClosed = true;
    this.graph.freeze('after the context was stopped');
    if (active === this) active = undefined;
    this.#forgetShutdown?.();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
