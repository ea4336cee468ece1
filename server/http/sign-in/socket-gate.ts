import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Caller } from '../../services/sign-in/caller.ts';
import type { AllowedHosts } from '../allowed-hosts.ts';
import { credentialsOf } from './credentials.ts';
import type { GateParts } from './gate.ts';

/** Lets sockets in as HTTP is: by host, origin, and session or token. */
export const admitSockets =
  ({ signIn, workspaceId }: Pick<GateParts, 'signIn' | 'workspaceId'>, hosts: AllowedHosts) =>
  async (headers: IncomingHttpHeaders): Promise<Caller> => {
    hosts.checkHost(headers);
    hosts.checkOrigin(headers);
    const known = await signIn.recognise(credentialsOf(headers));
    if (known?.caller.workspaceId !== workspaceId) throw new AppError('unauthorized');
    return known.caller;
  };
