import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Caller } from '../../services/sign-in/caller.ts';
import type { SignIn } from '../../services/sign-in/sign-in.ts';
import type { AllowedHosts } from '../allowed-hosts.ts';
import { credentialsOf } from './credentials.ts';

/** Lets sockets in as HTTP is: by host, origin, and session or token. */
export const admitSockets =
  (signIn: SignIn, hosts: AllowedHosts) =>
  async (headers: IncomingHttpHeaders): Promise<Caller> => {
    hosts.checkHost(headers);
    hosts.checkOrigin(headers);
    const known = await signIn.recognise(credentialsOf(headers));
    if (!known) throw new AppError('unauthorized');
    return known.caller;
  };
