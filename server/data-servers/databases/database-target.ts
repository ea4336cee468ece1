import type { DatabaseKind } from '@switchyard/shared/contracts/connections/database.ts';
import { AppError } from '@switchyard/shared/errors.ts';

/** A database to connect to, as its connection names it. */
export interface DatabaseTarget {
  /** The name of the connection, for messages. */
  readonly name: string;
  readonly kind: DatabaseKind;
  /** With a user, but without a password. */
  readonly url: string;
  /** The password. */
  readonly secret: string | null;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The user in a URL, and the password of its connection. Undefined if there are neither. */
export function credentialsOf({ url, secret }: Pick<DatabaseTarget, 'url' | 'secret'>): Credentials | undefined {
  const [, user = ''] = /^[^/]*\/\/([^/?#@]*)@/.exec(url) ?? [];
  return user === '' && secret === null ? undefined : { user: decodeURIComponent(user), password: secret ?? '' };
}

/** Node’s form of a host in a URL: an IPv6 address without brackets. */
export const hostOf = (hostname: string): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);

export const MOST_PARAMETERS = 100;

/** The value of `$1`, `$2`, …. Throws `bad-request` if there is none. */
export function parameterOf(parameters: readonly unknown[], number: number): unknown {
  if (number >= 1 && number <= parameters.length) return parameters[number - 1];
  const given = parameters.length === 1 ? 'There is 1 parameter' : `There are ${parameters.length} parameters`;
  throw new AppError('bad-request', `The statement uses $${number}. ${given}.`, { beforeEffect: true });
}
