import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/*
 * The built page. Decides whether to rebuild it, and builds it in a child process, whose memory is returned to the system. It is
 * built next to the current one and then swapped in, so two concurrent starts don't conflict.
 */

/** The page's sources don't build. The message contains the build's output. */
export class PageBuildError extends Error {
  override name = 'PageBuildError';
}

const SOURCES = ['client', 'shared', 'nodes', 'pnpm-lock.yaml'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.stamp']);
const STAMP = '.stamp';

/** The folder of the built page. */
export const pageDirOf = (root: string): string => join(root, 'client', 'dist');

/** Builds the page unless it was built from the current sources. Calls `say` with a line for people if it takes a while. Throws if the build fails. */
export async function buildPage(root: string, say: (line: string) => void): Promise<void> {
  const pageDir = pageDirOf(root);
  const stamp = await sourcesHash(root);
  const built = await readFile(join(pageDir, STAMP), 'utf8').catch(() => '');
  if (built === stamp) return;
  say('Building the page (only needed after it changes) …');
  const fresh = join(root, 'node_modules', '.cache', `page-${process.pid}`);
  await mkdir(dirname(fresh), { recursive: true });
  await runVite(root, fresh);
  await writeFile(join(fresh, STAMP), stamp);
  await rm(pageDir, { recursive: true, force: true });
  await rename(fresh, pageDir).catch(async (error: unknown) => {
    // Another start was faster, and its page has the same sources.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(join(pageDir, 'index.html'))) throw error;
  });
}

async function sourcesHash(root: string): Promise<string> {
  const files: string[] = [];
  for (const source of SOURCES) await collect(root, source, files);
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const content = await readFile(join(root, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function collect(root: string, path: string, files: string[]): Promise<void> {
  if (/\.test\.tsx?$/.test(path)) return;
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    files.push(path);
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) if (!LEFT_OUT.has(entry.name)) await collect(root, join(path, entry.name), files);
}

function runVite(root: string, outDir: string): Promise<void> {
  const client = join(root, 'client');
  const vite = join(dirname(createRequire(join(client, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, 'build', client, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
      cwd: client,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Whatever NODE_ENV the caller has (tests set “test”), build the production page, without the libraries' development code.
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new PageBuildError(`Building the page failed.\n${said.trim()}`))));
  });
}
