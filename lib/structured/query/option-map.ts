/** What an option may be given as; it becomes text, as in Spark. */
export type OptionValue = string | number | boolean | bigint;

/** Options that are being collected: texts, names without regard to case, the last value counts. */
export class OptionMap {
  readonly #values = new Map<string, readonly [name: string, value: string]>();

  set(name: string, value: OptionValue): void {
    this.#values.set(name.toLowerCase(), [name, String(value)]);
  }

  get all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values.values());
  }
}
