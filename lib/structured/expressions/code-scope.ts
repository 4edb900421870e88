import type { EvaluationSite } from './evaluation-site.ts';

/**
 * What generated code may refer to: attributes by JavaScript variables, and constants and functions by parameters. No text of a user
 * becomes part of the code: values are bound, and names of variables are numbers.
 */
export class CodeScope {
  readonly site: EvaluationSite;
  private readonly attributes: ReadonlyMap<number, string>;
  private readonly variables = new Map<number, string>();
  private readonly names = new Map<unknown, string>();
  private readonly values: unknown[] = [];
  private count = 0;

  /** `attributes`: attribute ids to names of JavaScript variables, or code without effects. */
  constructor(site: EvaluationSite, attributes: ReadonlyMap<number, string>) {
    this.site = site;
    this.attributes = attributes;
  }

  /** The code that reads an attribute; `undefined` for one that is not in scope. */
  attribute(id: number): string | undefined {
    return this.attributes.get(id);
  }

  /** Names the variable of a lambda. */
  declareVariable(id: number): string {
    const name = this.fresh();
    this.variables.set(id, name);
    return name;
  }

  variable(id: number): string | undefined {
    return this.variables.get(id);
  }

  /** A name of a variable that was not given before. */
  fresh(): string {
    return `v${this.count++}`;
  }

  /** The name of a parameter that holds the value: the same for the same value. */
  bind(value: unknown): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name = `b${this.values.length}`;
    this.names.set(value, name);
    this.values.push(value);
    return name;
  }

  /**
   * Makes the function whose body is `body`, a text that ends in `return ...`. `undefined` where the platform forbids it: the caller
   * interprets then.
   */
  build(parameters: readonly string[], body: string): ((...args: readonly never[]) => unknown) | undefined {
    const constants = this.values.map((_, i) => `b${i} = bound[${i}]`);
    const head = constants.length === 0 ? '' : `const ${constants.join(', ')};\n`;
    try {
      // oxlint-disable-next-line typescript/no-implied-eval
      const make = new Function(
        'bound',
        `"use strict";\n${head}return function (${parameters.join(', ')}) {\n${body}\n};`,
      );
      return (make as (bound: readonly unknown[]) => (...args: readonly never[]) => unknown)(this.values);
    } catch {
      return undefined;
    }
  }
}
