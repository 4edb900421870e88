import type { Pair } from '../pair.ts';
import { secondsText } from '../reason-text.ts';
import { type CompareMode, type CompareSettings, defaultSettings } from '../settings.ts';
import { html } from './elements.ts';

interface Slider {
  readonly name: keyof CompareSettings;
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly show: (value: number) => string;
}

const plain = (value: number): string => String(value);

const sliders: readonly Slider[] = [
  {
    name: 'disorderMs',
    label: 'Disorder',
    hint: 'records arrive up to so much after their events',
    min: 0,
    max: 20_000,
    step: 500,
    show: secondsText,
  },
  {
    name: 'latePercent',
    label: 'Late records',
    hint: 'arrive after their window was closed',
    min: 0,
    max: 30,
    step: 1,
    show: (value) => `${value} %`,
  },
  {
    name: 'skewMs',
    label: 'Skew',
    hint: 'the second partition is so much behind',
    min: 0,
    max: 30_000,
    step: 1000,
    show: secondsText,
  },
  {
    name: 'watermarkMs',
    label: 'Watermark delay',
    hint: 'structured waits so long for late events',
    min: 0,
    max: 40_000,
    step: 1000,
    show: secondsText,
  },
  {
    name: 'batchMs',
    label: 'Batch interval',
    hint: 'both engines',
    min: 1000,
    max: 10_000,
    step: 1000,
    show: secondsText,
  },
  {
    name: 'windowMs',
    label: 'Window',
    hint: 'windows are multiples of the batch interval',
    min: 2000,
    max: 60_000,
    step: 1000,
    show: secondsText,
  },
  {
    name: 'slideMs',
    label: 'Slide',
    hint: 'between sliding windows',
    min: 1000,
    max: 30_000,
    step: 1000,
    show: secondsText,
  },
  { name: 'count', label: 'Records', hint: 'about one every two seconds', min: 10, max: 150, step: 5, show: plain },
  { name: 'top', label: 'Ranks kept', hint: 'of each window', min: 1, max: 3, step: 1, show: plain },
  { name: 'seed', label: 'Seed', hint: 'other records with another number', min: 1, max: 99, step: 1, show: plain },
];

const modes: readonly CompareMode[] = ['append', 'update', 'complete'];
/** Settings of the records, which every pair has; the others are the pair's own. */
const ofAll: ReadonlySet<string> = new Set(['disorderMs', 'latePercent', 'skewMs', 'batchMs', 'count', 'seed']);
const ofMadeRecords: ReadonlySet<string> = new Set(['disorderMs', 'latePercent', 'skewMs', 'count', 'seed']);

export interface ControlsSetup {
  readonly pairs: readonly Pair[];
  /** The records are given, so nothing about making them can be set. */
  readonly hasRecords: boolean;
  readonly onChange: (pair: Pair, settings: CompareSettings) => void;
}

/** The controls of a comparison: every change is told with all settings. */
export class Controls {
  readonly element = html('form', { class: 'controls', 'aria-label': 'Settings' });
  readonly #setup: ControlsSetup;
  #pair: Pair;
  #settings: CompareSettings;

  constructor(pair: Pair, settings: CompareSettings, setup: ControlsSetup) {
    this.#setup = setup;
    this.#pair = pair;
    this.#settings = settings;
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    this.#draw();
  }

  #draw(): void {
    const { pairs, hasRecords } = this.#setup;
    const parts: HTMLElement[] = [];
    if (pairs.length > 1)
      parts.push(
        this.#choice(
          'pair',
          'What is compared',
          pairs.map(({ name, title }) => [name, title]),
          this.#pair.name,
        ),
      );
    const uses = new Set<string>(this.#pair.uses);
    for (const slider of sliders) {
      const isMade = ofMadeRecords.has(slider.name);
      if (isMade ? !hasRecords : ofAll.has(slider.name) || uses.has(slider.name)) parts.push(this.#slider(slider));
    }
    parts.push(
      this.#choice(
        'mode',
        'Output mode',
        modes.map((mode) => [mode, mode]),
        this.#settings.mode,
      ),
      this.#restart(),
    );
    this.element.replaceChildren(...parts);
  }

  #slider({ name, label, hint, min, max, step, show }: Slider): HTMLElement {
    const { windowLabel, windowHint } = this.#pair;
    const value = Number(this.#settings[name]);
    const shown = html('output', { for: name }, show(value));
    const input = html('input', {
      type: 'range',
      id: name,
      min: Math.min(min, value),
      max: Math.max(max, value),
      step,
      value,
      'aria-describedby': `${name}-hint`,
      'aria-valuetext': show(value),
    });
    input.addEventListener('input', () => {
      const given = Number(input.value);
      shown.textContent = show(given);
      input.setAttribute('aria-valuetext', show(given));
      this.#change({ [name]: given });
    });
    return html(
      'div',
      { class: 'control' },
      html('label', { for: name }, name === 'windowMs' ? capitalized(windowLabel ?? label) : label),
      shown,
      input,
      html('small', { id: `${name}-hint` }, name === 'windowMs' ? (windowHint ?? hint) : hint),
    );
  }

  #choice(
    id: string,
    label: string,
    values: readonly (readonly [value: string, text: string])[],
    chosen: string,
  ): HTMLElement {
    const select = html(
      'select',
      { id },
      ...values.map(([value, text]) => html('option', { value, selected: value === chosen }, text)),
    );
    select.addEventListener('change', () => {
      if (id === 'mode') this.#change({ mode: select.value as CompareMode });
      else this.#choose(select.value);
    });
    return html('div', { class: 'control' }, html('label', { for: id }, label), select);
  }

  #restart(): HTMLElement {
    const input = html('input', { type: 'checkbox', id: 'restart', checked: this.#settings.restart });
    input.addEventListener('change', () => {
      this.#change({ restart: input.checked });
    });
    return html(
      'div',
      { class: 'control switch' },
      input,
      html('label', { for: 'restart' }, 'Restart both in the middle'),
    );
  }

  #choose(name: string): void {
    const pair = this.#setup.pairs.find((one) => one.name === name);
    if (pair === undefined) return;
    this.#pair = pair;
    const { windowMs, slideMs, watermarkMs } = defaultSettings;
    this.#settings = {
      ...this.#settings,
      windowMs,
      slideMs,
      watermarkMs,
      mode: pair.modes[0] ?? 'update',
      ...pair.defaults,
    };
    this.#draw();
    this.element.querySelector<HTMLElement>('#pair')?.focus();
    this.#change({});
  }

  #change(some: Partial<CompareSettings>): void {
    this.#settings = { ...this.#settings, ...some };
    this.#setup.onChange(this.#pair, this.#settings);
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
