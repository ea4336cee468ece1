import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DataDirBusy, lockDataDir } from './lock.ts';

const HOLDER = fileURLToPath(new URL('./lock-holder.fixture.ts', import.meta.url));

const temporary = () => {
  const parent = mkdtempSync(join(tmpdir(), 'switchyard-lock-'));
  return { dir: join(parent, 'data'), [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }) };
};

/** Another process that tries to lock the directory. */
const holder = async (...args: string[]) => {
  const child = spawn(process.execPath, [HOLDER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [said] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]);
  const kill = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return { said, kill, [Symbol.asyncDispose]: () => kill('SIGKILL') };
};

const attempt = (dir: string): unknown => {
  try {
    lockDataDir(dir).release();
    return 'locked';
  } catch (thrown) {
    return thrown;
  }
};

describe('the lock of a data directory', () => {
  it('keeps a second process out and tells it the first one’s address', async () => {
    using temp = temporary();
    await using first = await holder(temp.dir, 'http://127.0.0.1:4400');
    await using second = await holder(temp.dir, 'http://127.0.0.1:4401');
    expect([first.said, second.said]).toEqual(['locked', 'busy http://127.0.0.1:4400']);
    const here = attempt(temp.dir);
    expect(here).toBeInstanceOf(DataDirBusy);
    expect(here).toMatchObject({ code: 'in-use', address: 'http://127.0.0.1:4400', message: expect.stringContaining('Use it at http://127.0.0.1:4400, ') });
  });

  it('says that the first process is still starting while it has no address', async () => {
    using temp = temporary();
    await using first = await holder(temp.dir);
    expect(first.said).toBe('locked');
    expect(attempt(temp.dir)).toMatchObject({ address: undefined, message: expect.stringContaining('starting') });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with its process, also by %s, and leaves no old address behind', async (signal) => {
    using temp = temporary();
    const first = await holder(temp.dir, 'http://127.0.0.1:4400');
    await first.kill(signal);
    await using second = await holder(temp.dir);
    expect(second.said).toBe('locked');
    expect(attempt(temp.dir)).toMatchObject({ address: undefined });
  });

  it('also holds within one process until released, which may be done twice', () => {
    using temp = temporary();
    const first = lockDataDir(temp.dir);
    first.announce('http://127.0.0.1:4400');
    expect(attempt(temp.dir)).toMatchObject({ address: 'http://127.0.0.1:4400' });
    first.release();
    const second = lockDataDir(temp.dir);
    first.release();
    expect(attempt(temp.dir)).toBeInstanceOf(DataDirBusy);
    second.release();
    expect(attempt(temp.dir)).toBe('locked');
  });

  it('is separate for each directory', () => {
    using one = temporary();
    using other = temporary();
    const lock = lockDataDir(one.dir);
    expect(attempt(other.dir)).toBe('locked');
    lock.release();
  });

  it('creates the directory with its parents, and reports when it can’t', () => {
    using temp = temporary();
    const dir = join(temp.dir, 'a', 'b');
    lockDataDir(dir).release();
    for (const impossible of [join(dir, 'lock.db'), join(dir, 'lock.db', 'c'), '/proc/switchyard/data']) {
      expect(attempt(impossible)).toMatchObject({ code: 'not-ready', message: expect.stringContaining(impossible) });
    }
  });

  it('reports when the directory isn’t writable', () => {
    using temp = temporary();
    mkdirSync(join(temp.dir, 'lock.db'), { recursive: true });
    expect(attempt(temp.dir)).toMatchObject({ code: 'not-ready', message: expect.stringContaining('lock.db must be writable') });
  });

  it('reports when the directory can’t be locked', () => {
    using temp = temporary();
    lockDataDir(temp.dir).release();
    writeFileSync(join(temp.dir, 'lock.db'), 'no lock, '.repeat(200));
    expect(attempt(temp.dir)).toMatchObject({ code: 'not-ready', message: expect.stringContaining(temp.dir) });
  });
});
