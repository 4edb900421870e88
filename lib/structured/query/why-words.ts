export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

export function us(micros: number): string {
  return ms(Math.floor(micros / 1000));
}

/** UTC. */
export function ms(millis: number): string {
  return new Date(millis)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/u, '');
}

/** A length of time, exactly. */
export function span(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000} s` : `${millis} ms`;
}
