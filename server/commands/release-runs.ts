import { type HeldRuns, heldRunsSchema, releaseHeldRuns } from '@switchyard/shared/contracts/system.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Config } from '../config.ts';
import { announcedAddress } from '../data-dir/lock.ts';
import { say } from './output.ts';

const TIMEOUT_MS = 30_000;

/** Asks the running server to release the runs that a restore holds. */
export const releaseRuns = async ({ dataDir, publicUrl, env }: Config, url: string | undefined): Promise<void> => {
  const base = url ?? announcedAddress(dataDir) ?? publicUrl;
  if (base === undefined) throw new AppError('not-found', `No server is running on ${dataDir}. Start it, or give its address with --url.`);
  const held = await askServer(base.replace(/\/+$/, ''), env.SWITCHYARD_TOKEN);
  say(held.backupAt === null ? 'No runs are held.' : `Releasing ${held.count} runs that were open in the backup of ${held.backupAt}.`);
};

async function askServer(base: string, token: string | undefined): Promise<HeldRuns> {
  const response = await fetch(`${base}${releaseHeldRuns.path}`, {
    method: releaseHeldRuns.method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ reason: 'switchyard release-runs' }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new AppError('not-ready', `The server at ${base} doesn’t respond. Start it, or give its address with --url.`, { cause });
  });
  if (response.status === 401 || response.status === 403)
    throw new AppError('forbidden', 'The server needs an API token with the scope “admin”. Set it as SWITCHYARD_TOKEN.');
  if (!response.ok) throw new AppError('internal', `The server returned ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return heldRunsSchema.parse(await response.json());
}
