import { overloaded } from '../../services/webhooks/overload.ts';

/*
 * Counts the requests being answered, so that overload is rejected early. A place is taken
 * once a body has been read. One webhook and one address have a share each, so that others are still served.
 */

export interface HookGate {
  /** Throws `overloaded` if no place is free. Takes none: called before reading a body. */
  refuseWhenFull(): void;
  /** Takes a place, and returns a function that frees it. Throws `overloaded` if none is free. */
  enter(webhook: string, address: string): () => void;
}

const WEBHOOK_SHARE = 0.75;
/** Larger than a webhook’s, so that one webhook can't use all of it behind a proxy that hides addresses. */
const ADDRESS_SHARE = 0.9;

/** A gate with `places` places. It is closed while `load`, the number of runs being driven, has reached that number. */
export function createHookGate(places: number, load: () => number): HookGate {
  const taken = new Map<string, number>();
  let all = 0;
  const refuseWhenFull = (): void => {
    if (all >= places || load() >= places) throw overloaded();
  };
  const count = (name: string, change: 1 | -1): void => {
    const now = (taken.get(name) ?? 0) + change;
    if (now === 0) taken.delete(name);
    else taken.set(name, now);
  };
  const refuseGreedy = (name: string, share: number): void => {
    if ((taken.get(name) ?? 0) >= Math.ceil(places * share)) throw overloaded();
  };
  return {
    refuseWhenFull,
    enter: (webhook, address) => {
      const names = [`webhook ${webhook}`, `address ${address}`] as const;
      refuseWhenFull();
      refuseGreedy(names[0], WEBHOOK_SHARE);
      refuseGreedy(names[1], ADDRESS_SHARE);
      all++;
      for (const name of names) count(name, 1);
      return () => {
        all--;
        for (const name of names) count(name, -1);
      };
    },
  };
}
