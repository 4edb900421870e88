import { raise } from '../../../kernel/errors.ts';
import { JavaRandom } from '../../types/java-random.ts';
import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { arrayType, atomic, isIntegral } from '../../types/type-classes.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes, unexpected } from '../signatures.ts';

/** One bar: where it stands, and how many values it holds. */
type Bin = [x: number, y: number];

const seed = 31_183;

/** Hive's histogram, as Spark has it. Buffer: the bars in order, and the state of the generator that decides between equal gaps. */
function histogram(site: BindSite): AggregateFunction {
  const limit = Number(constantOf('histogram_numeric', site.args, 1));
  const element =
    site.type.kind === 'array' && site.type.element.kind === 'struct' ? site.type.element.fields[0] : undefined;
  const back = fromDouble(element?.type ?? atomic('double'));
  const scale = element?.type.kind === 'decimal' ? 10 ** element.type.scale : 1;
  return {
    size: 2,
    initial: () => [[], new JavaRandom(seed).state],
    update(buffer, at, value) {
      if (value === null || value === undefined) return;
      const bins = buffer[at] as unknown as Bin[];
      add(bins, Number(value) / scale);
      trim(bins, limit, buffer, at + 1);
    },
    merge(buffer, at, other, otherAt) {
      const bins = buffer[at] as unknown as Bin[];
      const more = other[otherAt] as unknown as Bin[];
      if (bins.length === 0) {
        bins.push(...more.map(([x, y]): Bin => [x, y]));
        return;
      }
      bins.push(...more.map(([x, y]): Bin => [x, y]));
      bins.sort((a, b) => a[0] - b[0]);
      trim(bins, limit, buffer, at + 1);
    },
    result(buffer, at) {
      const bins = buffer[at] as unknown as Bin[];
      return bins.length === 0 ? null : bins.map(([x, y]) => [back(x), y]);
    },
  };
}

function add(bins: Bin[], value: number): void {
  let [low, high] = [0, bins.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bins[middle] as Bin)[0] < value) low = middle + 1;
    else high = middle;
  }
  const bin = bins[low];
  if (bin !== undefined && bin[0] === value) bin[1]++;
  else bins.splice(low, 0, [value, 1]);
}

/** Joins the two bars that are nearest to each other, until there are not too many. */
function trim(bins: Bin[], limit: number, buffer: InternalValue[], stateAt: number): void {
  while (bins.length > limit) {
    const random = new JavaRandom(0);
    random.state = buffer[stateAt] as Long;
    let nearest = 0;
    let least = (bins[1] as Bin)[0] - (bins[0] as Bin)[0];
    let count = 1;
    for (let i = 1; i < bins.length - 1; i++) {
      const gap = (bins[i + 1] as Bin)[0] - (bins[i] as Bin)[0];
      if (gap < least) [least, nearest, count] = [gap, i, 1];
      else if (gap === least && random.nextDouble() <= 1 / ++count) nearest = i;
    }
    const [left, right] = [bins[nearest] as Bin, bins[nearest + 1] as Bin];
    const height = left[1] + right[1];
    left[0] = left[0] * (left[1] / height) + (right[0] / height) * right[1];
    left[1] = height;
    bins.splice(nearest + 1, 1);
    buffer[stateAt] = random.state;
  }
}

/** A place on the axis as a value of the type. */
function fromDouble(type: DataType): (x: number) => InternalValue {
  if (type.kind === 'double') return (x) => x;
  if (type.kind === 'float') return Math.fround;
  if (type.kind === 'decimal') return (x) => Math.round(x * 10 ** type.scale);
  return Math.trunc;
}

export const histogramNumeric: FunctionDefinition = {
  name: 'histogram_numeric',
  group: 'aggregate',
  summary: 'A histogram of at most so many bars, as structs of the place and the height of each.',
  usage: 'histogram_numeric(expr, bars)',
  examples: [['histogram_numeric(x, 5) FROM VALUES 0, 1, 2, 10', '[{0, 1.0}, {1, 1.0}, {2, 1.0}, {10, 1.0}]']],
  resolve(args, site) {
    const [value, bars] = args;
    const kind = value?.type.kind ?? 'void';
    const isTime = ['date', 'timestamp', 'timestamp_ntz', 'interval day to second', 'interval year to month'].includes(
      kind,
    );
    const signature = takes('histogram_numeric', [isTime ? 'any' : 'numeric', 'any'], 'void')(args, site);
    const count = constantOf('histogram_numeric', args, 1);
    if (count === null) raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'histogram_numeric' });
    if (bars !== undefined && !isIntegral(bars.type)) unexpected('histogram_numeric', 1, bars, 'INT');
    if (Number(count) < 2) {
      raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
        position: 'second',
        function: 'histogram_numeric',
        range: '2 or more',
        actual: Number(count),
      });
    }
    const fields = [
      { name: 'x', type: signature.args[0] ?? atomic('double'), nullable: true },
      { name: 'y', type: atomic('double'), nullable: true },
    ];
    return { ...signature, type: arrayType({ kind: 'struct', fields }, true), nullable: true };
  },
  body: { kind: 'aggregate', bind: histogram },
};
