import { useSlowNow } from './clock.ts';
import { formatAgo, formatExact } from './format.ts';

/** "2 min ago", with the exact time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const now = useSlowNow();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={formatExact(moment)}>
      {formatAgo(moment, new Date(now))}
    </time>
  );
}
