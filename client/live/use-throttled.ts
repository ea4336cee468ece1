import { useEffect, useRef } from 'react';

/** Calls at once, then at most every `ms`. Calls in between are combined into one at the end of the interval. */
export function useThrottled(run: () => void, ms: number): () => void {
  const latest = useRef(run);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef(false);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const wait = () => {
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!again.current) return;
      again.current = false;
      latest.current();
      wait();
    }, ms);
  };
  return () => {
    if (timer.current !== undefined) {
      again.current = true;
      return;
    }
    latest.current();
    wait();
  };
}
