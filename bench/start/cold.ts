import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, underLimit } from '../figure.ts';
import { ROOT } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { timeCommand } from './warm.ts';

/**
 * The README's first command on a fresh clone of the last commit, with an empty package store: everything is downloaded, installed, and
 * built.
 */
export async function cold(): Promise<Figure[]> {
  using folder = temporaryFolder();
  const clone = join(folder.path, 'clone');
  const store = join(folder.path, 'store');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  // pnpm tells the scripts that it runs not to install; a new user's shell does not.
  const env = { pnpm_config_verify_deps_before_run: 'install', pnpm_config_store_dir: store, XDG_CACHE_HOME: join(folder.path, 'cache') };
  const ms = await timeCommand({ dataDir: join(folder.path, 'data'), cwd: clone, env });
  if (!existsSync(store) || readdirSync(store).length === 0) throw new Error('The packages came from another store, so this start was not a cold one.');
  return [underLimit('start-cold', 's', { value: ms / 1_000, goal: 60 })];
}
