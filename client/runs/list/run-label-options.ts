import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';

const MAX_LABELS = 40;

/** The labels of these runs, sorted and without duplicates, plus the selected one even if no run has it. */
export function labelOptions(runs: readonly Pick<RunSummary, 'labels'>[], chosen: string | undefined): { readonly value: string; readonly label: string }[] {
  const found = new Set(runs.flatMap(({ labels }) => Object.entries(labels).map(([name, value]) => `${name}:${value}`)));
  const values = [...found].sort().slice(0, MAX_LABELS);
  if (chosen !== undefined && !values.includes(chosen)) values.unshift(chosen);
  return values.map((value) => ({ value, label: value.replace(':', ': ') }));
}
