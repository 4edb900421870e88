import { systemClock, delay } from '../../../lib/kernel/clock.ts';
import { Aliases } from './aliases.ts';
import { Wire } from './wire.ts';

/** Codes that only say that a leader, a coordinator or a transaction is not ready yet; the same request is asked again. */
const notReady = new Set([5, 6, 14, 15, 16, 51]);
const readyWithinMs = 20_000;

/** A sequence of requests to a broker; what it does must not depend on anything that differs from run to run. */
export interface BrokerScript {
  readonly title: string;
  run(transcript: Transcript): Promise<void>;
}

/** One request, or something concluded from several, with its answer in a form that is equal wherever the broker behaves equally. */
export type Entry = readonly [asked: string, answer: unknown];

/**
 * Asks a broker and keeps what it answered, field by field.
 *
 * Names given through `name` are unique per run; in the entries they read as they were given, and ids that the broker makes up
 * (producers, members, nodes) are numbered in order of appearance.
 */
export class Transcript {
  readonly bootstrap: string;
  readonly entries: Entry[] = [];
  readonly #aliases: Aliases;
  readonly #wires: Wire[] = [];

  constructor(bootstrap: string, run: string) {
    this.bootstrap = bootstrap;
    this.#aliases = new Aliases(`${run}-`);
  }

  name(plain: string): string {
    return this.#aliases.unique(plain);
  }

  /** A further connection, for requests that must overlap with others. */
  async wire(): Promise<Wire> {
    const wire = await Wire.open(this.bootstrap);
    this.#wires.push(wire);
    return wire;
  }

  /** Asks on the first connection (or the given one), keeps the answer and hands it on as it came. */
  async ask<A = unknown>(api: string, args: object = {}, wire?: Wire): Promise<A> {
    const answer = await this.quietly<A>(api, args, wire);
    this.note(api, answer);
    return answer;
  }

  /** Asks without keeping the answer. */
  async quietly<A = unknown>(api: string, args: object = {}, wire?: Wire): Promise<A> {
    const on = wire ?? this.#wires[0] ?? (await this.wire());
    const deadline = systemClock.monotonicMs() + readyWithinMs;
    for (;;) {
      const answer = await on.ask(api, args);
      if (!mentionsNotReady(answer) || systemClock.monotonicMs() > deadline) return answer as A;
      await delay(systemClock, 25);
    }
  }

  /** Asks until `settled` holds, then keeps that answer; for what a broker does in its own time. */
  async until<A = unknown>(settled: (answer: A) => boolean, api: string, args: object, wire?: Wire): Promise<A> {
    const deadline = systemClock.monotonicMs() + readyWithinMs;
    for (;;) {
      const answer = await this.quietly<A>(api, args, wire);
      if (settled(answer) || systemClock.monotonicMs() > deadline) {
        this.note(api, answer);
        return answer;
      }
      await delay(systemClock, 50);
    }
  }

  note(asked: string, answer: unknown): void {
    this.entries.push([asked, this.#aliases.plain(answer)]);
  }

  async close(): Promise<void> {
    for (const wire of this.#wires.splice(0)) await wire.close();
  }
}

function mentionsNotReady(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.some(mentionsNotReady);
  if (answer === null || typeof answer !== 'object' || ArrayBuffer.isView(answer)) return false;
  return Object.entries(answer).some(([key, value]) =>
    key === 'errorCode' ? notReady.has(value as number) : mentionsNotReady(value),
  );
}
