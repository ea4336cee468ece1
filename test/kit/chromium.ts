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
/** Where the package takes a machine for this one, it unpacks the libraries too that a bare system does not have. */
const BARE_SYSTEM = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
const LIBRARIES = join('al2023', 'lib');

const run = promisify(execFile);

/** A Chromium that can be started, and with which environment. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** Beside what else is made of the installed packages; gone with them. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The system's Chromium, or the packaged one, unpacked once; with the libraries of the package where the system lacks one. */
export async function findChromium(): Promise<Chromium> {
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const system = SYSTEM.find((path) => existsSync(path));
  if (system) return { executablePath: system, env };
  const home = join(CACHE, `packaged-chromium-${await packagedVersion()}`);
  if (!existsSync(home)) await unpackTo(home);
  const executablePath = join(home, 'chromium');
  const { stdout } = await run('ldd', [executablePath]);
  return { executablePath, env: stdout.includes('not found') ? { ...env, LD_LIBRARY_PATH: join(home, LIBRARIES) } : env };
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
  await run(process.execPath, ['--input-type=module', '--eval', UNPACK], { cwd, env: { ...process.env, ...BARE_SYSTEM, TMPDIR: folder } });
  await rename(folder, home).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true, force: true });
  });
}
