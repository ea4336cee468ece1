import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { AppError } from '@switchyard/shared/errors.ts';
import type { BackupFile } from './manifest.ts';

/* A file of a backup: one JSON value per line, compressed. Read and written as streams, with a checksum of the compressed bytes. */

const FASTEST = 1;

export interface RecordWriter {
  /** Resolves once the writer can take more. */
  write(records: readonly unknown[]): Promise<void>;
  /** Resolves when the file is on disk. */
  close(): Promise<BackupFile>;
}

export const recordFileName = (kind: string): string => `${kind}.ndjson.gz`;

/** Creates the file. Throws if it exists. */
export function createRecordWriter(folder: string, kind: string): RecordWriter {
  const name = recordFileName(kind);
  const lines = new PassThrough();
  const hash = createHash('sha256');
  let [bytes, written] = [0, 0];
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const file = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600, flush: true });
  const done = pipeline(lines, createGzip({ level: FASTEST }), counted, file);
  // Reported by the next write, or by `close`.
  done.catch(() => {});
  return {
    write: async (records) => {
      if (records.length === 0) return;
      written += records.length;
      const fits = lines.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      if (!fits) await Promise.race([once(lines, 'drain'), done]);
    },
    close: async () => {
      lines.end();
      await done;
      return { name, records: written, bytes, sha256: hash.digest('hex') };
    },
  };
}

/** Throws AppError `bad-request` if the file is missing or was changed. */
export async function verifyFile(folder: string, { name, bytes, sha256 }: BackupFile): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
      size += chunk.length;
      hash.update(chunk);
    }
  } catch (cause) {
    throw new AppError('bad-request', `The backup ${folder} is damaged: ${name} can’t be read (${cause instanceof Error ? cause.message : cause}).`, { cause });
  }
  if (size === bytes && hash.digest('hex') === sha256) return;
  throw new AppError('bad-request', `The backup ${folder} is damaged: the checksum of ${name} is wrong. Use another backup.`);
}

/** The values of a file, one by one. */
export async function* readRecords(folder: string, kind: string): AsyncGenerator<unknown> {
  const unpacked = createGunzip();
  const reading = pipeline(createReadStream(join(folder, recordFileName(kind))), unpacked);
  reading.catch(() => {});
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
  await reading;
}

/** The values of a file in groups of at most `size`. */
export async function* inPages<T>(values: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const value of values) {
    page.push(value);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
