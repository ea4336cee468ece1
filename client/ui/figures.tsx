import { useRef } from 'react';
import { useLiveDraw, useSlowNow } from './clock.ts';
import { callWords, formatAgo, formatCost, formatCostSum, formatDuration, formatExact, formatShortSum, type SummedCost } from './format.ts';

interface CostProps {
  /** Null if it is unknown. */
  readonly micros: number | null;
  /** The demo model responded. */
  readonly demo?: boolean;
  /** For columns: only the amount. */
  readonly short?: boolean;
}

interface CostSumProps extends Pick<CostProps, 'demo' | 'short'> {
  readonly of: SummedCost;
}

/** A cost. Marks responses of the demo model. */
export function Cost({ micros, demo = false, short = false }: CostProps) {
  const byDemo = demo && micros === 0;
  return (
    <span className="tabular" title={byDemo ? 'The demo model responded, free' : undefined}>
      {byDemo && !short ? 'demo, free' : formatCost(micros)}
    </span>
  );
}

/** What the calls of a run or step cost together. */
export function CostSum({ of, demo = false, short = false }: CostSumProps) {
  if (demo && of.costMicros === 0 && of.unknownPrice === 0) return <Cost micros={0} demo short={short} />;
  const left = of.unknownPrice > 0 ? `${callWords(of.unknownPrice)} of unknown price` : undefined;
  return (
    <span className="tabular" title={left}>
      {short ? formatShortSum(of) : formatCostSum(of)}
    </span>
  );
}

/** Sets the text of an element with no other content. Changes its text node in place, which costs less layout than a new one. */
export function writeText(place: Element, words: string): void {
  const text = place.firstChild;
  if (!(text instanceof Text)) place.textContent = words;
  else if (text.data !== words) text.data = words;
}

/** Text that follows the time while `live`. */
export function LiveText({ live, text, className }: { live: boolean; text: (now: number) => string; className?: string | undefined }) {
  const place = useRef<HTMLSpanElement>(null);
  useLiveDraw(live, (now) => {
    const words = text(now);
    if (place.current) writeText(place.current, words);
  });
  return <span ref={place} className={className} />;
}

/** How long something took, or has been running if it has no end. */
export function Duration({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  if (!from) return <span className="tabular">–</span>;
  return <LiveText live={!to} className="tabular" text={(now) => formatDuration((to ? Date.parse(to) : now) - Date.parse(from))} />;
}

/** “2 min ago”, with the exact time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const now = useSlowNow();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={formatExact(moment)}>
      {formatAgo(moment, new Date(now))}
    </time>
  );
}
