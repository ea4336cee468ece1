import type { IncomingMessage } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import { createBodyRoom, type Reader, type RoomLimits } from './body-room.ts';

/*
 * Reads bodies. Owns how long each may take. body-room.ts owns how much memory they may use. Unfinished bodies take no places from
 * complete requests.
 */

export interface BodyIntake {
  /**
   * Reads a whole body. `groups` name the shares it counts in. Throws `too-large` as soon as it is known, `request-timeout` for a
   * body that stalls, `overloaded` for one that has to give way.
   */
  read(request: IncomingMessage, maxBytes: number, groups: readonly string[]): Promise<Buffer>;
  /** Ends bodies past their deadlines. Runs once a second. */
  sweep(): void;
  close(): void;
}

const IDLE_MS = 10_000;
const WHOLE_MS = 30_000;
/** Bodies that may be larger than this get more time. */
const USUAL_BYTES = 10_000_000;
/** The slowest that a large body may arrive, in bytes per millisecond. */
const SLOWEST = 200;
const SWEEP_MS = 1_000;
/** How long a client rejected while sending may read the response. */
const LINGER_MS = 10_000;
/** Bytes that don't count: small bodies are read even if memory is short. */
const FREE_BYTES = 16_384;

export const tooLarge = (maxBytes: number): AppError => new AppError('too-large', `The body is larger than ${maxBytes} bytes.`, { details: { maxBytes } });
const cutShort = (): AppError => new AppError('bad-request', 'The body is incomplete.');
const stalled = (): AppError => new AppError('request-timeout', 'The body didn’t arrive in time. Send it again.');

const counted = (size: number): number => Math.max(0, size - FREE_BYTES);

export function createBodyIntake(limits: RoomLimits, now: () => number = () => performance.now()): BodyIntake {
  const room = createBodyRoom(limits, now);
  const sweep = (): void => {
    const at = now();
    for (const reader of room.readers()) if (at - reader.moved > IDLE_MS || at - reader.began > reader.wholeMs) reader.fail(stalled());
  };
  const timer = setInterval(sweep, SWEEP_MS).unref();

  const read = (request: IncomingMessage, maxBytes: number, groups: readonly string[]): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const take = (chunk: Buffer): void => {
        const before = counted(size);
        size += chunk.length;
        chunks.push(chunk);
        if (size > maxBytes) reader.fail(tooLarge(maxBytes));
        else count(counted(size) - before);
      };
      const end = (): void => {
        room.leave(reader);
        request.off('data', take);
      };
      const reader: Reader = {
        began: now(),
        wholeMs: WHOLE_MS + Math.max(0, maxBytes - USUAL_BYTES) / SLOWEST,
        moved: 0,
        groups: room.groupsOf(groups),
        fail: (error) => {
          end();
          cutOff(request);
          reject(error);
        },
      };
      const count = (bytes: number): void => {
        try {
          room.count(reader, bytes);
        } catch (error) {
          reader.fail(error as AppError);
        }
      };
      request.on('data', take);
      request.on('end', () => {
        end();
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      });
      request.on('error', reject);
      request.on('close', () => {
        end();
        if (!request.complete) reject(cutShort());
      });
      count(0);
    });

  return {
    sweep,
    close: () => clearInterval(timer),
    read: (request, maxBytes, groups) => {
      if (hasArrived(request)) return takeArrived(request, maxBytes);
      if (request.destroyed) return Promise.reject(cutShort());
      if (Number(request.headers['content-length'] ?? 0) <= maxBytes) return read(request, maxBytes, groups);
      cutOff(request);
      return Promise.reject(tooLarge(maxBytes));
    },
  };
}

/** Whether the whole body is here. Most small ones arrive in the same packet as their headers. */
const hasArrived = (request: IncomingMessage): boolean => request.complete || request.readableLength === Number(request.headers['content-length']);

/** A body that is here is not unfinished, so it takes no room. */
async function takeArrived(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body: Buffer = request.read() ?? Buffer.alloc(0);
  // Reads on to the end, so the connection lets go of the request.
  request.resume();
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  return body;
}

/** Discards the rest of a body for a moment: a client that is disconnected while sending might never see the response. */
function cutOff(request: IncomingMessage): void {
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS).unref();
}
