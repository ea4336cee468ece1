import { overloaded } from '../../services/webhooks/overload.ts';

/*
 * Counts the requests that are being answered, so that overload is refused at the door instead of suffered inside. A place is taken
 * once a body has been read. One webhook and one address have a share each, so that others still get in.
 */

export interface HookGate {
  /** Throws `overloaded` when no place is free. Takes none: ask it before reading a body. */
  refuseWhenFull(): void;
  /** Takes a place, and answers how to give it back. Throws `overloaded` when none is free. */
  enter(webhook: string, address: string): () => void;
}

const WEBHOOK_SHARE = 0.75;
/** Larger than a webhook’s, so that behind a proxy that hides addresses one webhook does not use up all of it. */
const ADDRESS_SHARE = 0.9;

/** A gate with this many places, shut while `load`, the runs that are being driven, is as high. */
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
