import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where to look for an installed Chromium before using the one from the package registry. */
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The package unpacks into the folder for temporary files, so it gets its own. Prints nothing. */
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
/** On a machine like this, the package also unpacks the libraries that a minimal system lacks. */
const BARE_SYSTEM = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
const LIBRARIES = join('al2023', 'lib');

const run = promisify(execFile);

/** How to start a Chromium, and with which environment. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** With other files generated from the installed packages, and deleted with them. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The system's Chromium, or the packaged one, unpacked once, with the package's libraries if the system lacks one. */
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

/** All or nothing: test files that start in parallel, or are interrupted, leave no incomplete browser behind. */
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
