import { seeded } from '../../simulation/virtual-time.ts';

/** Choices that a seed repeats. */
export interface Dice {
  /** A whole number from 0, below this. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** How large an input shall be, in characters: from a line to a megabyte. */
  size(): number;
}

const SIZES = [200, 5_000, 60_000, 250_000, 900_000, 900_000];

export function createDice(seed: number): Dice {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => {
    const picked = list[below(list.length)];
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  };
  return { below, pick, size: () => pick(SIZES) };
}
