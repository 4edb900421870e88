import type { Pair } from '../../compare/pair.ts';
import { type CompareMode, type CompareSettings, defaultSettings } from '../../compare/settings.ts';
import { type Flags, refuse } from '../flags.ts';

const modes: readonly CompareMode[] = ['append', 'update', 'complete'];
const most = 20_000;

/** The settings of a pair where nothing else is asked for. */
export function defaultsOf(pair: Pair): CompareSettings {
  return { ...defaultSettings, mode: pair.modes[0] ?? defaultSettings.mode, ...pair.defaults };
}

/** The settings of a comparison, from its options. */
export function settingsOf(flags: Flags, pair: Pair): CompareSettings {
  const fallback = defaultsOf(pair);
  return {
    batchMs: flags.duration('interval', fallback.batchMs),
    windowMs: flags.duration('window', fallback.windowMs),
    slideMs: flags.duration('slide', fallback.slideMs),
    watermarkMs: durationOrNone(flags, 'watermark', fallback.watermarkMs),
    mode: modeOf(flags, fallback.mode),
    disorderMs: durationOrNone(flags, 'disorder', fallback.disorderMs),
    latePercent: percent(flags, fallback.latePercent),
    seed: flags.count('seed', { min: 0, max: 4_294_967_295 }, fallback.seed),
    skewMs: durationOrNone(flags, 'skew', fallback.skewMs),
    restart: flags.isOn('restart'),
    count: flags.count('records', { min: 1, max: most }, fallback.count),
    top: flags.count('top', { min: 1, max: 100 }, fallback.top),
  };
}

/** A duration, or 0 for none at all. */
function durationOrNone(flags: Flags, name: string, fallback: number): number {
  return /^0(?:\s*[a-z]+)?$/u.test(flags.text(name) ?? '') ? 0 : (flags.duration(name) ?? fallback);
}

function modeOf(flags: Flags, fallback: CompareMode): CompareMode {
  const given = flags.text('mode');
  if (given === undefined) return fallback;
  return modes.find((mode) => mode === given.toLowerCase()) ?? refuse('mode', given, 'append, update or complete');
}

function percent(flags: Flags, fallback: number): number {
  const given = flags.text('late');
  if (given === undefined) return fallback;
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%?$/u.exec(given.trim()) ?? [];
  const value = Number(digits);
  return value >= 0 && value <= 100 ? value : refuse('late', given, 'a percentage from 0% to 100%');
}
