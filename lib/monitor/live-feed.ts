import type { ServerResponse } from 'node:http';
import type { LiveMessage } from './facts.ts';
import type { History } from './history.ts';
import { jsonBody, type ValueText } from './json-body.ts';

/** So often at most, however many batches there are: twenty a second are sent together, four times a second. */
const everyMs = 250;
/** Beyond so many bytes a page that does not read is left out until it does. */
const maxWaitingBytes = 1 << 20;
const maxPages = 20;

/**
 * The pages that are open, as streams of server-sent events. Nothing is put together while none is open, and one message serves all.
 */
export class LiveFeed {
  readonly #history: History;
  readonly #text: ValueText;
  readonly #pages = new Set<ServerResponse>();
  readonly #sent = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(history: History, text: ValueText) {
    this.#history = history;
    this.#text = text;
    this.#unsubscribe = history.subscribe(() => {
      this.#soon();
    });
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Takes a page in and sends it what is kept; false when there are too many. */
  add(response: ServerResponse): boolean {
    if (this.#pages.size >= maxPages) return false;
    // Those that are open already get theirs first: from here on all are sent the same.
    this.#send();
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.write(
      `retry: 1000\n${this.#event(
        'facts',
        this.#message(() => 0),
      )}`,
    );
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
    return true;
  }

  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#send();
    for (const page of this.#pages) page.end(this.#event('ended', {}));
    this.#pages.clear();
  }

  #soon(): void {
    if (this.#pages.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, everyMs);
    this.#timer.unref();
  }

  #send(): void {
    if (this.#pages.size === 0) {
      this.#remember();
      return;
    }
    const text = this.#event(
      'facts',
      this.#message((key) => this.#sent.get(key) ?? 0),
    );
    this.#remember();
    for (const page of this.#pages) {
      // One that does not read begins anew when its connection is gone.
      if (page.writableLength > maxWaitingBytes) page.destroy();
      else page.write(text);
    }
  }

  #message(sent: (key: string) => number): LiveMessage {
    const { streams, queries } = this.#history;
    return {
      program: this.#history.facts,
      batches: Object.fromEntries(streams.map((one) => [one.id, one.batches(one.count - sent(one.id))])),
      progress: Object.fromEntries(queries.map((one) => [one.runId, one.progress(one.count - sent(one.runId))])),
    };
  }

  #remember(): void {
    for (const one of this.#history.streams) this.#sent.set(one.id, one.count);
    for (const one of this.#history.queries) this.#sent.set(one.runId, one.count);
  }

  #event(event: string, data: unknown): string {
    return `event: ${event}\ndata: ${jsonBody(data, this.#text)}\n\n`;
  }
}
