import { assemble, type Code, type Local, unsigned } from './instructions.ts';

/** The parts of WebAssembly's interface that are used: no platform's types are needed for it. */
interface Platform {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** "\0asm", version 1. */
const magicAndVersion = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] as const;

const valueTypes = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;

/** The variables of a function; its parameters, all of them i32, come first. */
export class Locals {
  readonly #types: number[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  parameter(index: number): Local {
    return { index };
  }

  add(type: keyof typeof valueTypes): Local {
    return { index: this.#parameters + this.#types.push(valueTypes[type]) - 1 };
  }

  get types(): readonly number[] {
    return this.#types;
  }
}

/** A function: its parameters are i32, and so is its result if it has one. */
export interface WasmFunction {
  readonly parameters: number;
  readonly hasResult: boolean;
  readonly locals: Locals;
  readonly code: Code;
}

export interface WasmInstance {
  readonly memory: ArrayBuffer;
  /** The last of the functions. */
  readonly run: (...args: readonly number[]) => unknown;
}

/**
 * Puts functions and a memory of so many bytes together and makes them run; they call each other by their position. `undefined` where
 * the platform has no WebAssembly, or forbids it, or does not know an instruction.
 */
export function instantiate(functions: readonly WasmFunction[], memoryBytes: number): WasmInstance | undefined {
  const { WebAssembly: platform } = globalThis as { WebAssembly?: Platform };
  if (platform === undefined) return undefined;
  try {
    const { exports } = new platform.Instance(new platform.Module(moduleBytes(functions, memoryBytes)));
    const memory = exports['m'] as { readonly buffer: ArrayBuffer };
    return { memory: memory.buffer, run: exports['f'] as WasmInstance['run'] };
  } catch {
    return undefined;
  }
}

function moduleBytes(functions: readonly WasmFunction[], memoryBytes: number): Uint8Array {
  const pages = Math.ceil(memoryBytes / 65_536);
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, functions.map(typeOf)),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [
      [1, 0x6d, 2, 0],
      [1, 0x66, 0, ...unsigned(functions.length - 1)],
    ]),
    ...section(10, functions.map(bodyOf)),
  ]);
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function typeOf({ parameters, hasResult }: WasmFunction): number[] {
  const taken = Array.from({ length: parameters }, () => valueTypes.i32);
  return [0x60, ...unsigned(parameters), ...taken, ...(hasResult ? [1, valueTypes.i32] : [0])];
}

function bodyOf({ locals, code }: WasmFunction): number[] {
  const declared = [...unsigned(locals.types.length), ...locals.types.flatMap((type) => [1, type])];
  const body = [...declared, ...assemble(code), 0x0b];
  return [...unsigned(body.length), ...body];
}
