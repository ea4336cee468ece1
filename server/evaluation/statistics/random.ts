/**
 * A repeatable source of whole numbers in [0, bound), bound ≤ 2^26: xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed with
 * SplitMix32. The same seed gives the same numbers everywhere.
 */
export function createRandom(seed: number): (bound: number) => number {
  let fill = seed >>> 0;
  const next = (): number => {
    fill = (fill + 0x9e3779b9) | 0;
    let mixed = Math.imul(fill ^ (fill >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  return (bound) => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return Math.floor((result / 0x1_0000_0000) * bound);
  };
}
