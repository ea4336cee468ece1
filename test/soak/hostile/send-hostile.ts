import { patience } from '../../kit/patience.ts';
import { until } from '../../kit/until.ts';
import type { Breakage } from '../broken-build.ts';
import { authorEntryPoints } from './author-entry-points.ts';
import { callerEntryPoints } from './caller-entry-points.ts';
import { createDice } from './dice.ts';
import type { EntryPoint, Sent } from './entry-point.ts';
import { startOutside } from './outside.ts';
import { responseEntryPoints } from './response-entry-points.ts';
import { userEntryPoints } from './user-entry-points.ts';
import { startWatchedServer, type WatchedServer } from './watched-server.ts';

export const MOST_STALL_MS = patience(250);
export const MOST_GROWTH = 64 * 1024 * 1024;

const once = (entryPoint: EntryPoint, number: number): Promise<Sent> =>
  entryPoint(createDice(number)).catch((error: unknown) => ({
    what: 'no reply',
    reply: { status: 0, text: String(error instanceof Error ? (error.cause ?? error) : error) },
  }));

export interface Options {
  /** Only entry points whose names start with this. */
  readonly only?: string;
  readonly breakages?: readonly Breakage[];
  readonly onSent?: (input: string, reply: Sent['reply'], stallMs: number) => void;
}

/** Sends `count` inputs, each generated from its own seed, to all entry points in turn. Returns what went wrong. */
export async function sendHostile(count: number, seed: number, { only = '', breakages = [], onSent }: Options = {}) {
  await using outside = await startOutside();
  await using server = await startWatchedServer(breakages, { EGRESS_ALLOW: '127.0.0.1' });
  const world = { server, outside };
  const groups = [await callerEntryPoints(world), await userEntryPoints(world), await authorEntryPoints(world), await responseEntryPoints(world)];
  const entryPoints = groups.flatMap((group) => Object.entries(group)).filter(([name]) => name.startsWith(only));
  const before = await server.settled();
  const faults: string[] = [];
  const answered: Record<string, number> = {};
  let longestMs = 0;
  for (let number = 0; number < count; number++) {
    const [name, entryPoint] = entryPoints[number % entryPoints.length] ?? [];
    if (!name || !entryPoint) break;
    const { what, reply } = await once(entryPoint, seed + number);
    const input = `${name} ${seed + number}, ${what}`;
    const vitals = await server.vitals().catch(() => undefined);
    if (!vitals) {
      faults.push(`${input}: crashes the server: ${server.output().slice(-500)}`);
      break;
    }
    if (reply.status === 0 || /"code":"internal"/.test(reply.text)) faults.push(`${input}: ${reply.status} ${reply.text.slice(0, 300)}`);
    const stallMs = await usualStall(vitals.stallMs, async () => {
      await once(entryPoint, seed + number);
      return (await server.vitals()).stallMs;
    });
    if (stallMs > MOST_STALL_MS) faults.push(`${input}: stalls for ${Math.round(stallMs)} ms`);
    longestMs = Math.max(longestMs, stallMs);
    onSent?.(input, reply, stallMs);
    answered[reply.status] = (answered[reply.status] ?? 0) + 1;
  }
  const grown = await settledGrowth(server, before.usedBytes);
  return { faults, longestMs: Math.round(longestMs), answered, grownMegabytes: Math.round(grown / 1e6) };
}

/** Repeats an input that stalled. On a busy machine anything can stall once, but only slow code stalls three times. */
async function usualStall(first: number, again: () => Promise<number>): Promise<number> {
  let least = first;
  for (let repeat = 0; repeat < 2 && least > MOST_STALL_MS; repeat++) least = Math.min(least, await again());
  return least;
}

/** Memory growth since `before`, once it has settled. */
async function settledGrowth(server: WatchedServer, before: number): Promise<number> {
  let grown = 0;
  const settle = async () => {
    grown = (await server.settled()).usedBytes - before;
    return grown < MOST_GROWTH;
  };
  // If it never settles or the server has ended, the figure shows it.
  await until('memory to settle', settle).catch(() => undefined);
  return grown;
}
