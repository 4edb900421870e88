import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { OffsetRange } from '../../io/offsets.ts';
import type { PartitionRead, RecordBlock, Source } from '../../io/source.ts';
import { RddNode, type Taker } from '../../rdd/rdd-node.ts';

type Take<R> = (block: RecordBlock<R>) => void;

/** Memory that source RDDs of a batch may hold together. */
export interface HoldBudget {
  bytesLeft: number;
}

/**
 * One range of a source, a partition for each partition of the source.
 *
 * Records stay packed in their blocks and pass through `emit` as they are read: nothing is collected. Where the batch reads the range
 * more than once, blocks are held until the batch ends, as far as the budget goes; beyond it the source reads the range again.
 */
export class SourceRdd<R> extends RddNode<R> {
  readonly kind = 'source';
  readonly partitions: number;
  readonly parents = [];
  readonly range: OffsetRange;
  readonly #source: Source<R>;
  readonly #names: readonly string[];
  readonly #budget: HoldBudget | undefined;
  #firstReads: (PartitionRead<R> | undefined)[] | undefined;
  #held = new Map<number, readonly RecordBlock<R>[]>();
  #heldBytes = 0;
  /** Reads under way, by partition: output operations may overlap. They do not reject. */
  readonly #reading = new Map<number, Promise<void>>();

  /** Without a budget nothing is held. */
  constructor(source: Source<R>, range: OffsetRange, budget: HoldBudget | undefined) {
    super();
    this.#source = source;
    this.range = range;
    this.#names = Object.keys(range.until);
    this.partitions = this.#names.length;
    this.#budget = budget;
  }

  get records(): number {
    return this.#names.reduce((sum, name) => sum + this.#until(name) - this.#from(name), 0);
  }

  /** The source's name of a partition. */
  nameOf(partition: number): string {
    return this.#names[partition] ?? '';
  }

  compute(partition: number, emit: Emit<R>): Done {
    return this.#each(partition, (block) => {
      block.forEach(emit);
    });
  }

  override computeTexts(partition: number, taker: Taker<R>): Done {
    return this.#each(partition, (block) => {
      const texts = block.texts?.();
      if (texts === undefined) block.forEach(taker.element);
      else taker.texts(texts);
    });
  }

  #each(partition: number, take: Take<R>): Done {
    const name = this.#names[partition];
    if (name === undefined || this.#from(name) === this.#until(name)) return undefined;
    const held = this.#held.get(partition);
    if (held === undefined) return this.#stream(partition, name, take);
    for (const block of held) take(block);
    return undefined;
  }

  /** Lets go of what was held; a later use reads the range again. */
  release(): void {
    this.#held = new Map();
    this.#firstReads = undefined;
    if (this.#budget !== undefined) this.#budget.bytesLeft += this.#heldBytes;
    this.#heldBytes = 0;
  }

  /** One read of a partition at a time: sources keep a place in each. Who comes while it is read waits, and mostly finds it held. */
  async #stream(partition: number, name: string, take: Take<R>): Promise<void> {
    for (let busy = this.#reading.get(partition); busy !== undefined; busy = this.#reading.get(partition)) await busy;
    const held = this.#held.get(partition);
    if (held !== undefined) {
      for (const block of held) take(block);
      return;
    }
    const reading = this.#readThrough(partition, name, take);
    this.#reading.set(
      partition,
      reading.catch(() => undefined),
    );
    try {
      await reading;
    } finally {
      this.#reading.delete(partition);
    }
  }

  async #readThrough(partition: number, name: string, take: Take<R>): Promise<void> {
    let blocks: RecordBlock<R>[] | undefined = this.#budget === undefined ? undefined : [];
    for await (const block of this.#read(partition, name).blocks()) {
      take(block);
      if (blocks === undefined || this.#budget === undefined) {
        block.release?.();
        continue;
      }
      if (block.sizeBytes > this.#budget.bytesLeft) {
        this.#giveBack(blocks);
        blocks = undefined;
      } else {
        this.#budget.bytesLeft -= block.sizeBytes;
        this.#heldBytes += block.sizeBytes;
        blocks.push(block);
      }
    }
    if (blocks !== undefined) this.#held.set(partition, blocks);
  }

  /** The first use of the range asks for all its partitions at once, so that the source can read ahead; later ones for one alone. */
  #read(partition: number, name: string): PartitionRead<R> {
    this.#firstReads ??= [...this.#source.read(this.range)];
    const first = this.#firstReads[partition];
    this.#firstReads[partition] = undefined;
    if (first !== undefined) return first;
    const [again] = this.#source.read({ from: { [name]: this.#from(name) }, until: { [name]: this.#until(name) } });
    return again as PartitionRead<R>;
  }

  #giveBack(blocks: readonly RecordBlock<R>[]): void {
    const bytes = blocks.reduce((sum, block) => sum + block.sizeBytes, 0);
    this.#heldBytes -= bytes;
    if (this.#budget !== undefined) this.#budget.bytesLeft += bytes;
  }

  #from(name: string): number {
    return this.range.from[name] ?? this.#until(name);
  }

  #until(name: string): number {
    return this.range.until[name] ?? 0;
  }
}
