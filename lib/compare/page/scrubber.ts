import { delay, systemClock } from '../../kernel/clock.ts';
import { clockText } from '../reason-text.ts';
import type { RunModel } from '../run-model.ts';
import { html } from './elements.ts';

const playEveryMs = 250;

/** Steps through a run batch by batch; at the end the whole result is shown. */
export class Scrubber {
  readonly element: HTMLElement;
  readonly #range = html('input', { type: 'range', id: 'batch', min: 0, max: 1, value: 1, step: 1 });
  readonly #shown = html('output', { for: 'batch' });
  readonly #play = html('button', { type: 'button' }, 'Play');
  readonly #onMove: (nowMs: number) => void;
  #plays = 0;
  #times: readonly number[] = [];
  /** Which playing goes on; another number ends it. */
  #playing = 0;

  constructor(onMove: (nowMs: number) => void) {
    this.#onMove = onMove;
    const step = (by: number, text: string, label: string): HTMLElement => {
      const button = html('button', { type: 'button', 'aria-label': label }, text);
      button.addEventListener('click', () => {
        this.#stop();
        this.#go(Number(this.#range.value) + by);
      });
      return button;
    };
    this.#range.addEventListener('input', () => {
      this.#stop();
      this.#go(Number(this.#range.value));
    });
    this.#play.addEventListener('click', () => {
      if (this.#playing > 0) this.#stop();
      else void this.#start();
    });
    this.element = html(
      'div',
      { class: 'scrubber', role: 'group', 'aria-label': 'Step through the batches' },
      html('label', { for: 'batch' }, 'Batch'),
      step(-1, '◀', 'One batch back'),
      this.#range,
      step(1, '▶', 'One batch on'),
      this.#play,
      this.#shown,
    );
  }

  /** Begins with the end of a run. */
  show(model: RunModel): void {
    this.#stop();
    const times = [...model.dstream.batches, ...model.structured.batches].map(({ timeMs }) => timeMs);
    const inside = times.filter((ms) => ms < model.span.untilMs).toSorted((a, b) => a - b);
    this.#times = [...new Set([...inside, model.span.untilMs])];
    this.#range.max = String(this.#times.length - 1);
    this.#go(this.#times.length - 1);
  }

  #go(to: number): void {
    const last = this.#times.length - 1;
    const at = Math.min(last, Math.max(0, to));
    const nowMs = this.#times[at] ?? 0;
    this.#range.value = String(at);
    const text = at === last ? `the end, ${clockText(nowMs)}` : clockText(nowMs);
    this.#range.setAttribute('aria-valuetext', text);
    this.#shown.textContent = text;
    this.#onMove(nowMs);
    if (at === last) this.#stop();
  }

  async #start(): Promise<void> {
    if (Number(this.#range.value) >= this.#times.length - 1) this.#go(0);
    const mine = (this.#plays += 1);
    this.#playing = mine;
    this.#play.textContent = 'Pause';
    for (;;) {
      await delay(systemClock, playEveryMs);
      if (this.#playing !== mine) return;
      this.#go(Number(this.#range.value) + 1);
    }
  }

  #stop(): void {
    this.#playing = 0;
    this.#play.textContent = 'Play';
  }
}
