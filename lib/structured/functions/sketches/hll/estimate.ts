import { Flag, type HllImage, Mode } from './image.ts';
import { interpolate } from './interpolate.ts';
import { rawEstimates, stepOf } from './raw-estimates.ts';

/** How many distinct values a sketch has seen. */
export function hllEstimate(image: HllImage): number {
  if (image.mode !== Mode.registers) return couponEstimate(image.couponCount);
  return image.has(Flag.isMerged) ? registersEstimate(image) : image.hip;
}

/** Two values may have one coupon: how many values so many coupons stand for. */
export function couponEstimate(count: number): number {
  return Math.max(
    interpolate(couponCounts, (i) => couponEstimates[i] as number, count),
    count,
  );
}

const couponCounts = [0, 1, 20, 400, 8000, 160_000, ...Array.from({ length: 34 }, (_, i) => 300_000 * (i + 1))];

const couponEstimates = [
  0, 1, 20.00000094374026, 400.0003963713384, 8000.158929460209, 160_063.60677637596, 300_223.70715976635,
  600_895.593385617, 902_016.8065120955, 1_203_588.498319951, 1_505_611.8245524743, 1_808_087.9449319066,
  2_111_018.0231759353, 2_414_403.22701425, 2_718_244.728205189, 3_022_543.702552454, 3_327_301.329921909,
  3_632_518.794258454, 3_938_197.283602969, 4_244_337.990109356, 4_550_942.110061649, 4_858_010.843891189,
  5_165_545.396193897, 5_473_546.975747645, 5_782_016.7955296505, 6_090_956.072734016, 6_400_366.028789296,
  6_710_247.889376201, 7_020_602.884445314, 7_331_432.248234972, 7_642_737.219289148, 7_954_519.0404754765,
  8_266_778.959003342, 8_579_518.226442046, 8_892_738.098739047, 9_206_439.836238328, 9_520_624.703698829,
  9_835_293.97031292, 10_150_448.909725029, 10_466_090.800050326,
];

/** Of registers whose history is lost. */
function registersEstimate(image: HllImage): number {
  const { lgK } = image;
  const slots = 1 << lgK;
  const raw = (correction(lgK) * slots * slots) / (image.kxq0 + image.kxq1);
  const xs = rawEstimates(lgK);
  const last = xs.length - 1;
  const step = stepOf(lgK);
  const greatest = xs[last] as number;
  if (raw < (xs[0] as number)) return 0;
  if (raw > greatest) return raw * ((step * last) / greatest);
  const adjusted = interpolate(xs, (i) => step * i, raw);
  // Where most slots have been hit, counting those that have not is no good.
  if (adjusted > 3 * slots) return adjusted;
  const linear = linearEstimate(slots, image.leastRegister === 0 ? image.countAtLeast : 0);
  return (adjusted + linear) / 2 > crossing(lgK) * slots ? adjusted : linear;
}

function correction(lgK: number): number {
  const known: Readonly<Record<number, number>> = { 4: 0.673, 5: 0.697, 6: 0.709 };
  return known[lgK] ?? 0.7213 / (1 + 1.079 / (1 << lgK));
}

function crossing(lgK: number): number {
  const known: Readonly<Record<number, number>> = { 4: 0.718, 5: 0.672 };
  return known[lgK] ?? 0.64;
}

/** By how many slots are empty. */
function linearEstimate(slots: number, empty: number): number {
  return empty === 0 ? slots * Math.log(slots / 0.5) : slots * (harmonic(slots) - harmonic(empty));
}

/** The sums of 1/1 ... 1/n for n up to 24. */
const exactHarmonics = [
  0, 1, 1.5, 1.8333333333333333, 2.0833333333333335, 2.283333333333333, 2.45, 2.592857142857143, 2.717857142857143,
  2.828968253968254, 2.9289682539682538, 3.019877344877345, 3.103210678210678, 3.180133755133755, 3.2515623265623264,
  3.3182289932289932, 3.3807289932289932, 3.4395525226407577, 3.4951080781963135, 3.547739657143682, 3.597739657143682,
  3.6453587047627294, 3.690813250217275, 3.73429151108684, 3.7759581777535067,
];

const eulerMascheroni = 0.5772156649015329;

function harmonic(count: number): number {
  if (count < 25) return exactHarmonics[count] as number;
  const inverse = 1 / (count * count);
  let power = inverse;
  let sum = Math.log(count) + eulerMascheroni + 1 / (2 * count);
  sum -= power * (1 / 12);
  power *= inverse;
  sum += power * (1 / 120);
  power *= inverse;
  sum -= power * (1 / 252);
  power *= inverse;
  return sum + power * (1 / 240);
}
