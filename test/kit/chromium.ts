import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where a system's own Chromium is looked for before the one from the package registry is used. */
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The package unpacks into the folder for temporary files, so it is given one of its own. Prints nothing. */
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/** Beside what else is made of the installed packages; gone with them. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The path of a Chromium to run: the system's, or the packaged one, unpacked once. */
export async function chromiumPath(): Promise<string> {
  const system = SYSTEM.find((path) => existsSync(path));
  if (system) return system;
  const home = join(CACHE, `chromium-${await packagedVersion()}`);
  if (!existsSync(home)) await unpackTo(home);
  return join(home, 'chromium');
}

async function packagedVersion(): Promise<string> {
  const file = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

/** Whole or not at all: test files that start side by side, and one that is cut off, leave no half of a browser behind. */
async function unpackTo(home: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const folder = await mkdtemp(`${home}-`);
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], { cwd, env: { ...process.env, TMPDIR: folder } });
  await rename(folder, home).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true, force: true });
  });
}
