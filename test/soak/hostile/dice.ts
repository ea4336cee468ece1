import { seeded } from '../../simulation/virtual-time.ts';

/** Random choices, repeatable by seed. */
export interface Dice {
  /** An integer from 0 to `limit` − 1. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** The size of an input in characters: from a line to a megabyte. */
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
