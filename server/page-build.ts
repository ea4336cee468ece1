import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/*
 * The built page. Owns: whether it must be built again, and building it in a process of its own, whose memory is given back. It is
 * built beside the one in use and then put in its place, so that two starts at once do not disturb each other.
 */

/** The page's sources are wrong; the message has what the build said. */
export class PageBuildError extends Error {
  override name = 'PageBuildError';
}

const SOURCES = ['client', 'shared', 'nodes', 'pnpm-lock.yaml'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.stamp']);
const STAMP = '.stamp';

/** Where the built page is. */
export const pageDirOf = (root: string): string => join(root, 'client', 'dist');

/** Builds the page unless it was built of these very sources. `say` gets a line for people when it takes a while. Throws when the build fails. */
export async function buildPage(root: string, say: (line: string) => void): Promise<void> {
  const pageDir = pageDirOf(root);
  const stamp = await sourcesHash(root);
  const built = await readFile(join(pageDir, STAMP), 'utf8').catch(() => '');
  if (built === stamp) return;
  say('Building the page; this is needed once after each change of it …');
  const fresh = join(root, 'node_modules', '.cache', `page-${process.pid}`);
  await mkdir(dirname(fresh), { recursive: true });
  await runVite(root, fresh);
  await writeFile(join(fresh, STAMP), stamp);
  await rm(pageDir, { recursive: true, force: true });
  await rename(fresh, pageDir).catch(async (error: unknown) => {
    // Another start was quicker; its page is of the same sources.
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
      // Whoever starts it (tests set NODE_ENV to "test"): the page is what people get, with none of the libraries' development code.
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new PageBuildError(`The page could not be built.\n${said.trim()}`))));
  });
}
