import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';

const KEY_BYTES = 32;
const VARIABLE = 'SWITCHYARD_SECRET_KEY';
const FILE = 'secret.key';
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** The key for secrets: from the environment, or from a file in the data directory, which is created if missing. */
export const findSecretKey = (dataDir: string, env: Readonly<Record<string, string | undefined>>): Buffer => {
  const given = env[VARIABLE]?.trim();
  if (given) return parseKey(given, VARIABLE);
  const file = join(dataDir, FILE);
  if (!existsSync(file)) makeOrExplain(dataDir, file);
  // Copying or restoring a directory loses its modes.
  if (process.platform !== 'win32' && (statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY);
  return parseKey(readFileSync(file, 'utf8').trim(), `The key file ${file}`);
};

/** The key, if there is one. Never creates one. */
export const existingSecretKey = (dataDir: string, env: Readonly<Record<string, string | undefined>>): Buffer | undefined =>
  env[VARIABLE]?.trim() || existsSync(join(dataDir, FILE)) ? findSecretKey(dataDir, env) : undefined;

/** Writes a key that was restored. Throws if there is a key file. */
export const writeSecretKey = (dataDir: string, key: string): void => writeFileSync(join(dataDir, FILE), key, { flag: 'wx', mode: OWNER_ONLY });

const parseKey = (text: string, where: string): Buffer => {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  throw new AppError(
    'not-ready',
    `${where} must contain ${KEY_BYTES} bytes, as 64 hexadecimal digits or as base64. Create one with: node -e "console.log(crypto.randomBytes(32).toString('hex'))"`,
  );
};

const makeOrExplain = (dataDir: string, file: string): void => {
  try {
    makeKeyFile(dataDir, file);
  } catch (cause) {
    throw new AppError('not-ready', `The key file ${file} can’t be written: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
};

/** Written under another name first, so a crash never leaves half a key. If another process was faster, its key stays. */
const makeKeyFile = (dataDir: string, file: string): void => {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(draft, 'wx', OWNER_ONLY);
  try {
    writeSync(handle, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch {
    // Some file systems have no hard links.
    if (!existsSync(file)) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
};
