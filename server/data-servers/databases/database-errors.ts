import { AppError } from '@switchyard/shared/errors.ts';
import { cutOut } from '../../egress/without-secret.ts';
import type { DatabaseTarget } from './database-target.ts';

/** Codes of Node for connections that were never made: the statement can’t have had an effect. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT', 'ECONNRESET']);

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

/** The database answered with an error. `hadNoEffect`: it is certain that nothing was changed. */
export function statementError(
  { name, secret }: DatabaseTarget,
  thrown: unknown,
  { hadNoEffect, hint = '' }: { hadNoEffect: boolean; hint?: string },
): AppError {
  const text = withoutSecret(secret, textOf(thrown)).trim().replace(/\.$/, '');
  return new AppError('node-failed', `“${name}” rejected the statement: ${text}.${hint === '' ? '' : ` ${hint}`}`, {
    beforeEffect: hadNoEffect,
    cause: thrown,
  });
}

/** No connection, or none that the database accepts. Nothing was sent. */
export function connectError({ name, secret }: DatabaseTarget, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const text = withoutSecret(secret, textOf(thrown)).trim().replace(/\.$/, '');
  const what = NOT_CONNECTED.has(codeOf(thrown))
    ? 'Check the URL and that the server is running.'
    : 'Check the URL, the user, and the password under Connections.';
  return new AppError('connect-failed', `Couldn’t connect to “${name}”: ${text || codeOf(thrown)}. ${what}`, { beforeEffect: true, cause: thrown });
}

/** The connection broke while the statement ran, so its outcome is unknown. */
export const brokenError = ({ name, secret }: DatabaseTarget, thrown: unknown): AppError =>
  new AppError('connect-failed', `The connection to “${name}” broke: ${withoutSecret(secret, textOf(thrown)).replace(/\.$/, '')}.`, { cause: thrown });

export const lateError = ({ name }: DatabaseTarget, timeoutMs: number, hadNoEffect: boolean): AppError =>
  new AppError(
    'timeout',
    `“${name}” didn’t respond within ${timeoutMs / 1_000} s. Make the statement faster, for example with an index, or raise its timeout.`,
    {
      beforeEffect: hadNoEffect,
    },
  );

export const tooLargeError = ({ name }: DatabaseTarget, maxBytes: number): AppError =>
  new AppError('response-too-large', `“${name}” returned more than ${maxBytes.toLocaleString('en-US')} bytes at once. Select less, or raise the limit.`);

const withoutSecret = (secret: string | null, text: string): string => (secret ? cutOut(secret)(text) : text);
