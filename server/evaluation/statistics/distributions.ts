/*
 * The distribution functions behind the intervals and tests of this folder, in double precision. Pure: no state, no clock, no randomness.
 */

const PRECISION = 1e-16;
/** Smallest magnitude of a denominator in a continued fraction. */
const TINY = 1e-300;
const MOST_TERMS = 10_000;

/** Coefficients of Stirling’s series for ln Γ: B(2k) / (2k (2k − 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** From here on, the series is exact to double precision. */
const STIRLING_FROM = 12;

/** ln Γ(x) for x > 0. By Stirling’s series, after shifting small x up with Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < STIRLING_FROM; at++) shift += Math.log(at);
  const series = STIRLING.reduce((sum, coefficient, k) => sum + coefficient / at ** (2 * k + 1), 0);
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** A continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the modified Lentz method. */
function continuedFraction(start: number, term: (n: number) => readonly [a: number, b: number]): number {
  const safe = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let value = safe(start);
  let c = value;
  let d = 0;
  for (let n = 1; n < MOST_TERMS; n++) {
    const [a, b] = term(n);
    d = 1 / safe(b + a * d);
    c = safe(b + a / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return value;
}

/**
 * The regularized incomplete beta function I(x; a, b), for a, b > 0 and 0 ≤ x ≤ 1: the probability that a Beta(a, b) variable is at most x.
 * By the continued fraction of NIST DLMF 8.17.22, on the side of the mean where it converges fast.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const fraction = continuedFraction(1, (n) => {
    const m = Math.floor(n / 2);
    const a2m = a + 2 * m;
    return [n % 2 === 0 ? (m * (b - m) * x) / ((a2m - 1) * a2m) : (-(a + m) * (a + b + m) * x) / (a2m * (a2m + 1)), 1];
  });
  return front / fraction;
}

/** The argument where an increasing function on [low, high] reaches a value. */
function invert(increasing: (x: number) => number, value: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = (from + to) / 2;
    if (middle <= from || middle >= to) return middle;
    if (increasing(middle) < value) from = middle;
    else to = middle;
  }
}

/** The x with I(x; a, b) = p. */
export const betaQuantile = (p: number, a: number, b: number): number => invert((x) => betaCdf(x, a, b), p, 0, 1);

/** Γ(1/2, z) / Γ(1/2), the upper tail of a gamma distribution of shape 1/2: its series (DLMF 8.7.1) or continued fraction (8.9.2). */
function upperHalfGamma(z: number): number {
  const scale = Math.exp(-z + 0.5 * Math.log(z)) / Math.sqrt(Math.PI);
  if (z >= 1.5) return scale / continuedFraction(z + 0.5, (n) => [-n * (n - 0.5), z + 2 * n + 0.5]);
  let term = 2;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
    term *= z / (0.5 + n);
    sum += term;
  }
  return 1 - scale * sum;
}

/** Φ(x): the probability that a standard normal variable is at most x. */
export function normalCdf(x: number): number {
  if (x === 0) return 0.5;
  const tail = upperHalfGamma((x * x) / 2) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** The largest |x| whose Φ(x) differs from 0 and 1, with some room. */
const NORMAL_REACH = 38;

/** The x with Φ(x) = p. −∞ at 0, ∞ at 1. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  // In the lower half, where small probabilities keep their digits.
  return p > 0.5 ? -normalQuantile(1 - p) : invert(normalCdf, p, -NORMAL_REACH, 0);
}
