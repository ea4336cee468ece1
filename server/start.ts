import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/*
 * Runs `pnpm start`: checks the settings, locks the data directory, builds the page if its sources changed, starts the server,
 * and prints its address. Loaded by start.js. With --no-build, serves the page as last built, if there is one.
 */

const root = join(import.meta.dirname, '..');
// Databases, keys, and logs of runs are private to this user.
process.umask(0o077);

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const { AppError } = await import('@switchyard/shared/errors.ts');
const { ConfigError, readConfig } = await import('./config.ts');
const { DataDirBusy, lockDataDir } = await import('./data-dir/lock.ts');
const { tightenDataDir } = await import('./data-dir/permissions.ts');
const { createLog } = await import('./log.ts');
const { returnStartupMemory } = await import('./startup-memory.ts');
const { startWatchdog } = await import('./watchdog.ts');
const { buildPage, PageBuildError, pageDirOf } = await import('./page-build.ts');

const explain = (error: unknown): never => {
  if (error instanceof DataDirBusy) say(error.message);
  else if (error instanceof ConfigError || error instanceof PageBuildError) fail(error.message);
  else if (error instanceof AppError && error.code !== 'internal') fail(error.message);
  else fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return process.exit(1);
};

const { values: flags } = parseArgs({ options: { role: { type: 'string' }, 'no-build': { type: 'boolean' } }, strict: false });

const starting = async () => {
  const config = readConfig({ ...process.env, ...(typeof flags.role === 'string' && { ROLE: flags.role }) });
  const log = createLog(config.logLevel);
  // One caller’s mistake must not end everyone’s runs. An uncaught exception does end the process, because its state is unknown.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'Unhandled rejection'));
  const lock = config.redisUrl === undefined ? lockDataDir(config.dataDir) : undefined;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const loose = tightenDataDir(config.dataDir);
  if (loose !== undefined) process.stderr.write(`${loose}\n`);
  const building = flags['no-build'] ? undefined : buildPage(root, say);
  const [{ main }] = await Promise.all([import('./main.ts'), building]);
  const server = await main({ say, config, lock, watchdog: startWatchdog, pageDir: pageDirOf(root), templatesDir: join(root, 'templates') });
  return { server, shutdownMs: config.shutdownMs };
};

const { server, shutdownMs } = await starting().catch(explain);
say(`Switchyard is ready at ${server.address}`);
returnStartupMemory();

/** Stopping takes longer than `SHUTDOWN_MS` only while the store can't be written. */
const GIVE_UP_MS = shutdownMs + 2_000;

let stopping = false;
const stop = (): void => {
  // A second signal ends the process at once.
  if (stopping) process.exit(1);
  stopping = true;
  setTimeout(() => fail('Switchyard stopped before everything was written. Unfinished runs continue at the next start.'), GIVE_UP_MS).unref();
  server.stop().then(
    () => process.exit(0),
    (error) => fail(`Switchyard didn’t stop cleanly: ${error instanceof Error ? error.message : error}`),
  );
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
