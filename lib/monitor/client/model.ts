import type { BatchFacts, LiveMessage, ProgramFacts, ProgressFacts } from '../facts.ts';

const kept = 1000;

/** What the page knows: the program, and the batches that it was sent. */
export class Model {
  program: ProgramFacts | undefined;
  readonly batches = new Map<string, BatchFacts[]>();
  readonly progress = new Map<string, ProgressFacts[]>();
  connection: 'connecting' | 'live' | 'lost' | 'ended' = 'connecting';
  readonly #changed: () => void;
  /** When the last message came, on the clock of the page. */
  #takenMs = 0;
  #isFirst = true;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** How long the program has run. It goes on between messages, but for a program that is stepped through: there the clock stands. */
  get upMs(): number | undefined {
    if (this.program === undefined) return undefined;
    const { nowMs, startedMs, isStepping } = this.program;
    const sinceMs = this.connection === 'live' && !isStepping ? performance.now() - this.#takenMs : 0;
    return nowMs - startedMs + sinceMs;
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
    this.#takenMs = performance.now();
    for (const [id, added] of Object.entries(batches)) append(this.batches, id, added);
    for (const [id, added] of Object.entries(progress)) append(this.progress, id, added);
    this.#changed();
  }
}

function append<T>(lists: Map<string, T[]>, id: string, added: readonly T[]): void {
  lists.set(id, [...(lists.get(id) ?? []), ...added].slice(-kept));
}
