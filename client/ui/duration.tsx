import { useLiveNow } from './clock.ts';
import { formatDuration } from './format.ts';

/** How long something took, or has been going on for while it has no end. */
export function Duration({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  const now = useLiveNow(Boolean(from) && !to);
  if (!from) return <span className="tabular">–</span>;
  return <span className="tabular">{formatDuration((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}
