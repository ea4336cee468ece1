import { useEffect, useState } from 'react';

/** Counts seconds down to 0, from the beginning whenever another number is given. */
export function useCountdown(seconds: number): number {
  const [end, setEnd] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => setEnd(seconds > 0 ? Date.now() + seconds * 1_000 : 0), [seconds]);
  useEffect(() => {
    const look = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1_000)));
    look();
    if (end === 0) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [end]);
  return left;
}
