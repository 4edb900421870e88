import { describe, expect, it } from '@jest/globals';
import {
  block,
  branch,
  branchIf,
  call,
  type Code,
  get,
  i32,
  isZero,
  Label,
  less,
  loop,
  minus,
  plus,
  set,
  storeI32,
  unsigned,
  when,
} from '../../../lib/kernel/wasm/instructions.ts';
import { instantiate, Locals, type WasmFunction } from '../../../lib/kernel/wasm/module.ts';

/** Runs code that leaves a number at address 0; `n` is its parameter, `sum` a variable that begins at 0. */
function result(code: (n: Code, sum: ReturnType<Locals['add']>) => Code, n: number, ...before: WasmFunction[]): number {
  const locals = new Locals(1);
  const sum = locals.add('i32');
  const body = [...code(get(locals.parameter(0)), sum), ...storeI32(i32(0), get(sum))];
  const instance = instantiate([...before, { parameters: 1, hasResult: false, locals, code: body }], 100);
  if (instance === undefined) throw new TypeError('it was not made');
  instance.run(n);
  return new DataView(instance.memory).getInt32(0, true);
}

describe('a module', () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 2 ** 31 - 1, -(2 ** 31)])('has the constant %d', (value) => {
    expect(result((_, sum) => set(sum, i32(value)), 0)).toBe(value);
  });

  it.each([
    [0, 0],
    [5, 15],
  ])('loops: the sum up to %d is %d', (n, expected) => {
    const [done, next] = [new Label(), new Label()];
    const locals = new Locals(1);
    const [left, sum] = [locals.parameter(0), locals.add('i32')];
    const adding: WasmFunction = {
      parameters: 1,
      hasResult: true,
      locals,
      code: [
        ...block(
          done,
          loop(
            next,
            branchIf(done, isZero(get(left))),
            set(sum, plus(get(sum), get(left))),
            set(left, minus(get(left), i32(1))),
            branch(next),
          ),
        ),
        ...get(sum),
      ],
    };
    expect(result((given, target) => set(target, call(0, given)), n, adding)).toBe(expected);
  });

  it.each([
    [-3, 1],
    [3, 2],
  ])('takes one way or the other, and leaves blocks from within: %d', (n, expected) => {
    const out = new Label();
    const code = (given: Code, sum: ReturnType<Locals['add']>): Code => [
      ...block(
        out,
        when(less(given, i32(0)), [...set(sum, i32(1)), ...branch(out)], set(sum, i32(2))),
        when(less(given, i32(0)), set(sum, i32(3))),
      ),
    ];
    expect(result(code, n)).toBe(expected);
  });

  it('is not made of code that means nothing', () => {
    const nonsense: WasmFunction = { parameters: 0, hasResult: false, locals: new Locals(0), code: [0xff] };
    expect(instantiate([nonsense], 100)).toBeUndefined();
  });
});

it.each([
  [0, [0]],
  [127, [0x7f]],
  [128, [0x80, 1]],
  [624_485, [0xe5, 0x8e, 0x26]],
])('%d is written in as few bytes as it needs', (value, bytes) => {
  expect(unsigned(value)).toEqual(bytes);
});
