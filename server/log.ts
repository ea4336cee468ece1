import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/**
 * The log: JSON lines on standard error, so standard output stays readable. Contains IDs, methods, paths, statuses, and times; never
 * bodies, inputs, outputs, or secrets.
 */
export const createLog = (level: Config['logLevel']): Logger => pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
