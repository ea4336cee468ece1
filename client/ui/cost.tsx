import { formatCost } from './format.ts';

/** What something cost; answers of the demo model are named as such. `short` is for columns: money alone. */
export function Cost({ micros, demo = false, short = false }: { micros: number; demo?: boolean; short?: boolean }) {
  const byDemo = demo && micros === 0;
  return (
    <span className="tabular" title={byDemo ? 'The demo model answered, at no cost' : undefined}>
      {byDemo && !short ? 'demo, no cost' : formatCost(micros)}
    </span>
  );
}
