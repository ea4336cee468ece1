import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/*
 * Owns: how long JSON is stored. A journal repeats the same values step after step, so it shrinks to a fifth, and a commit writes that much
 * less. Short text stays text, like all text of version 0.1. Imports no module of ours because a thread loads it.
 */

/** Shorter text gains too little. */
const LEAST = 400;
/** The first byte of packed JSON: deflated with this dictionary. A changed dictionary gets a new number. */
const FORMAT = 1;

/** Text that nearly every journal contains. Never changes: packed rows depend on it. */
const DICTIONARY = Buffer.from(
  [
    '{"type":"run-resumed","reason":"{"type":"run-paused","wait":{"id":"kind":"review","title":"{"type":"wait-started","type":"wait-ended","type":"signal-received","decision":"approve"',
    '{"type":"attempt-failed","error":{"code":"message":"retryAt":"{"type":"step-failed","{"type":"driver-changed","epoch":2,"driverId":"actor":{"kind":"system","id":"',
    '{"type":"call-started","callId":"{"type":"call-finished","record":{"kind":"model","model":"tokens","usage":{"inputTokens":,"outputTokens":,"costMicros":0,"demo":false,"finishReason":"stop"',
    '[{"type":"run-started","workflowId":"wf_0m","version":1,"trigger":"webhook","labels":{},"graphHash":"","actor":{"kind":"trigger","id":"webhook"},"at":"2026-01-01T00:00:00.000Z"}',
    ',{"type":"step-skipped","stepId":"#1","nodeKey":"","nodeType":"condition","nodeType":"output","round":1,"at":"2026-',
    ',{"type":"step-started","stepId":"start#1","nodeKey":"start","nodeType":"transform","nodeType":"input","round":1,"attempt":1,"effect":"pure","input":{"},"at":"2026-',
    ',{"type":"step-finished","stepId":"#1","output":{"},"port":null,"reply":{"value":{},"status":200,"headers":{},"outcome":"success"},"at":"2026-',
    ',{"type":"run-finished","status":"succeeded","at":"2026-',
  ].join(''),
);

const OPTIONS = { level: constants.Z_BEST_SPEED, windowBits: 12, memLevel: 5, chunkSize: 1_024, dictionary: DICTIONARY };
/** For long text, in fewer parts. */
const LONG_OPTIONS = { ...OPTIONS, chunkSize: 16_384 };

/** JSON as stored: text, or bytes if that is shorter. */
export function packJson(json: string): string | Uint8Array {
  if (json.length < LEAST) return json;
  const packed = deflateRawSync(json, json.length < LONG_OPTIONS.chunkSize ? OPTIONS : LONG_OPTIONS);
  return Buffer.concat([Buffer.of(FORMAT), packed]);
}

/** A row that SQLite could read, but whose content is damaged. Has the result code of a damaged database: SQLITE_CORRUPT. */
class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError';
  readonly errcode = 11;
}

/** Reads back what `packJson` returned. Throws DamagedRowError. */
export function unpackJson(stored: unknown): string {
  if (!(stored instanceof Uint8Array)) return String(stored);
  if (stored[0] !== FORMAT) throw new DamagedRowError(`Unknown format of stored JSON: ${stored[0]}`);
  try {
    return inflateRawSync(stored.subarray(1), { dictionary: DICTIONARY }).toString('utf8');
  } catch (cause) {
    throw new DamagedRowError('Stored JSON can’t be unpacked', { cause });
  }
}

/**
 * Parses JSON that was stored. Records were checked when they were inserted; checking them again would cost more than reading them. Throws
 * DamagedRowError.
 */
export function parseStored<T>(json: string): T {
  try {
    return JSON.parse(json) as T;
  } catch (cause) {
    throw new DamagedRowError('Stored JSON can’t be parsed', { cause });
  }
}
