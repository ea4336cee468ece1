import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createTries, isOpen, type SendTry, type Tries, type Try } from './tries.ts';

interface ShownTries<Request, Result extends TriedCall> {
  readonly tries: Tries<Request, Result>;
  readonly shown: ReadonlyMap<string, Try<Result>>;
  readonly isRunning: boolean;
}

/** The tries of one prompt or route. The first `send` is kept. They stop when the component goes. */
export function useTries<Request, Result extends TriedCall>(send: SendTry<Request, Result>): ShownTries<Request, Result> {
  const [tries] = useState(() => createTries(send));
  const shown = useSyncExternalStore(tries.subscribe, tries.all);
  useEffect(() => tries.stop, [tries]);
  return { tries, shown, isRunning: [...shown.values()].some(isOpen) };
}
