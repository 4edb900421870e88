import type { BatchFacts, LiveMessage, ProgramFacts, ProgressFacts } from '../facts.ts';

const kept = 1000;

/** What the page knows: the program, and the batches that it was sent. */
export class Model {
  program: ProgramFacts | undefined;
  readonly batches = new Map<string, BatchFacts[]>();
  readonly progress = new Map<string, ProgressFacts[]>();
  connection: 'connecting' | 'live' | 'lost' | 'ended' = 'connecting';
  readonly #changed: () => void;
  #isFirst = true;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  connect(): void {
    const source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => {
      this.#isFirst = true;
      this.connection = 'live';
      this.#changed();
    });
    source.addEventListener('facts', (event) => {
      this.#take(JSON.parse((event as MessageEvent<string>).data) as LiveMessage);
    });
    source.addEventListener('ended', () => {
      source.close();
      this.connection = 'ended';
      this.#changed();
    });
    source.addEventListener('error', () => {
      if (this.connection === 'ended') return;
      this.connection = 'lost';
      this.#changed();
    });
  }

  /** The first message after a connection has everything that is kept. */
  #take({ program, batches, progress }: LiveMessage): void {
    if (this.#isFirst) {
      this.batches.clear();
      this.progress.clear();
      this.#isFirst = false;
    }
    this.program = program;
    for (const [id, added] of Object.entries(batches)) append(this.batches, id, added);
    for (const [id, added] of Object.entries(progress)) append(this.progress, id, added);
    this.#changed();
  }
}

function append<T>(lists: Map<string, T[]>, id: string, added: readonly T[]): void {
  lists.set(id, [...(lists.get(id) ?? []), ...added].slice(-kept));
}
