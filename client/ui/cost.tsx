import { formatCost } from './format.ts';

/** What something cost; answers of the demo model are named as such. `short` is for columns. */
export function Cost({ micros, demo = false, short = false }: { micros: number; demo?: boolean; short?: boolean }) {
  if (demo && micros === 0) return <span title="The demo model answered, at no cost">{short ? 'demo' : 'demo, no cost'}</span>;
  if (micros === 0) return <span>–</span>;
  return <span className="tabular">{formatCost(micros)}</span>;
}
