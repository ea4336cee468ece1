import { useEffect, useState, useSyncExternalStore } from 'react';
import { createTries, isOpen, type Tries, type Try } from './tries.ts';

/** The tries of one prompt. They stop when the component goes. */
export function useTries(prompt: string): { readonly tries: Tries; readonly shown: ReadonlyMap<string, Try>; readonly isRunning: boolean } {
  const [tries] = useState(() => createTries(prompt));
  const shown = useSyncExternalStore(tries.subscribe, tries.all);
  useEffect(() => tries.stop, [tries]);
  return { tries, shown, isRunning: [...shown.values()].some(isOpen) };
}
