/** @example count(20112)   // => '20,112' */
export function count(value: number | undefined): string {
  return value === undefined ? '–' : Math.round(value).toLocaleString('en-US');
}

/** @example rate(1234.5)   // => '1,235 /s' */
export function rate(value: number | undefined): string {
  if (value === undefined) return '–';
  return `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : count(value)} /s`;
}

/** @example duration(1500)   // => '1.5 s' */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (Math.abs(ms) < 10 && ms % 1 !== 0) return `${ms.toFixed(2)} ms`;
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** @example bytes(2048)   // => '2.0 kB' */
export function bytes(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value < 1000) return `${Math.round(value)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let amount = value / 1000;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(1)} ${units[unit]}`;
}

/** The time of day, with the milliseconds that tell short batches apart. */
export function clock(ms: number | undefined): string {
  if (ms === undefined) return '–';
  const date = new Date(ms);
  const text = date.toLocaleTimeString('en-GB');
  return ms % 1000 === 0 ? text : `${text}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}

/** A moment, with its day where that is not today. */
export function moment(ms: number | undefined): string {
  if (ms === undefined) return '–';
  const date = new Date(ms);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock(ms) : `${date.toLocaleDateString('en-CA')} ${clock(ms)}`;
}
