import type { Egress } from './egress.ts';
import type { SendHttp } from './egress-port.ts';
import type { SecretOf } from './send-http.ts';

/*
 * Loads the egress with the first outgoing request. Its HTTP client takes memory and time that a server doesn't need while it is idle or
 * uses only the demo model.
 */

interface LazyEgress {
  readonly egress: Egress;
  /** SendHttp over it. */
  sendHttp(secretOf: SecretOf): SendHttp;
}

/** Creates the outgoing ports. `allow` must be checked with `parseAllowList` first. */
export function createLazyEgress({ allow, clock }: { allow: readonly string[]; clock: { now(): Date } }): LazyEgress {
  let loaded: Promise<Egress> | undefined;
  const load = (): Promise<Egress> => {
    loaded ??= import('./egress.ts').then(({ createEgress }) => createEgress({ allow }));
    return loaded;
  };
  return {
    egress: {
      fetchFor: (options) => async (input, init) => (await load()).fetchFor(options)(input, init),
      send: async (request, signal) => (await load()).send(request, signal),
      openSocket: async (target, signal) => (await load()).openSocket(target, signal),
      addressOf: async (host) => (await load()).addressOf(host),
      close: async () => (await loaded)?.close(),
    },
    sendHttp: (secretOf) => {
      let sending: Promise<SendHttp> | undefined;
      return async (request, options) => {
        sending ??= Promise.all([load(), import('./send-http.ts')]).then(([egress, { createSendHttp }]) => createSendHttp({ egress, secretOf, clock }));
        return (await sending)(request, options);
      };
    },
  };
}
