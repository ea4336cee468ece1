import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/**
 * The log: lines of JSON on standard error, so that standard output stays for people. Carries ids, methods, paths, statuses and
 * times; never bodies, inputs, outputs or secrets.
 */
export const createLog = (level: Config['logLevel']): Logger => pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
