import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { SignedIn } from '../../services/sign-in/signed-in.ts';
import type { AllowedHosts } from '../allowed-hosts.ts';
import { demandScope } from '../register.ts';
import { credentialsOf } from './credentials.ts';
import type { GateParts } from './gate.ts';

/** Applies the HTTP checks to sockets: host, origin, session or token, and the scope to read. */
export const admitSockets =
  ({ signIn }: Pick<GateParts, 'signIn'>, hosts: AllowedHosts) =>
  async (headers: IncomingHttpHeaders): Promise<SignedIn> => {
    hosts.checkHost(headers);
    hosts.checkOrigin(headers);
    const signedIn = await signIn.recognize(credentialsOf(headers));
    if (!signedIn) throw new AppError('unauthorized');
    demandScope(signedIn.caller, 'read');
    return signedIn;
  };
