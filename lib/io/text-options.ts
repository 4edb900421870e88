/** Options as Spark has them: texts, names without regard to case. Remembers what was asked for. */
export class TextOptions {
  readonly #values = new Map<string, readonly [name: string, value: string]>();

  constructor(options: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(options)) this.#values.set(name.toLowerCase(), [name, value]);
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase())?.[1];
  }

  /** Names as they were written, with their values. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.#values.values()];
  }
}
