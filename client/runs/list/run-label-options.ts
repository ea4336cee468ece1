import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';

const MOST = 40;

/** The labels that these runs carry, each once and in order, and the chosen one though no run may have it. */
export function labelOptions(runs: readonly Pick<RunSummary, 'labels'>[], chosen: string | undefined): { readonly value: string; readonly label: string }[] {
  const found = new Set(runs.flatMap(({ labels }) => Object.entries(labels).map(([name, value]) => `${name}:${value}`)));
  const values = [...found].sort().slice(0, MOST);
  if (chosen !== undefined && !values.includes(chosen)) values.unshift(chosen);
  return values.map((value) => ({ value, label: value.replace(':', ': ') }));
}
