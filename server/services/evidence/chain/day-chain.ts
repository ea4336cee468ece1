import { createHash } from 'node:crypto';
import type { DailyHead } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { hashOf } from './canonical.ts';

/*
 * The chain of daily heads (S89). The heads of the runs that ended in a day are the leaves of a Merkle tree as in RFC 6962, so a run is shown to be
 * in its day with a few hashes. Pure.
 */

export const DAY_FORMAT = 'switchyard/daily-head@1';

/** Leaves of a page. A power of 2, so the root of a page is a node of the tree. */
export const PAGE_LEAVES = 1_024;

/** What is hashed and signed of a daily head. */
export type DayStatement = Omit<DailyHead, 'hash' | 'signature'>;

/** The hash of a daily head, which the next one follows. */
export const dayHash = ({ format, workspace, day, number, previous, runs, root, audit, closedAt }: DayStatement): string =>
  hashOf({ format, workspace, day, number, previous, runs, root, audit, closedAt });

const sha256 = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const bytes = (hash: string): Buffer => Buffer.from(hash, 'hex');
const nodeHash = (left: string, right: string): string => sha256('\x01', bytes(left), bytes(right));

/** The leaf of a run. `head`: the hash of its last row, or null if its journal was not what was written. */
export const leafHash = (run: { readonly runId: string; readonly seq: number; readonly head: string | null }): string => sha256('\x00', hashOf(run));

/** The root over leaves, or over the roots of pages. */
export function rootOf(hashes: readonly string[]): string {
  const [first] = hashes;
  if (first === undefined) return sha256('');
  if (hashes.length === 1) return first;
  const split = splitOf(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** The hashes beside the way from one of the hashes to the root, from below. */
export function pathOf(hashes: readonly string[], index: number): string[] {
  if (hashes.length < 2) return [];
  const split = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - split), rootOf(left)];
}

/** The root of a tree of so many leaves that has this leaf there. Undefined if the path has another length. */
export function rootFrom(leaf: string, index: number, leaves: number, path: readonly string[]): string | undefined {
  if (leaves < 2) return leaves === 1 && index === 0 && path.length === 0 ? leaf : undefined;
  const beside = path.at(-1);
  if (beside === undefined) return undefined;
  const split = splitOf(leaves);
  const below = path.slice(0, -1);
  const child = index < split ? rootFrom(leaf, index, split, below) : rootFrom(leaf, index - split, leaves - split, below);
  if (child === undefined) return undefined;
  return index < split ? nodeHash(child, beside) : nodeHash(beside, child);
}

/** The largest power of 2 below the number. */
const splitOf = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));
