import type { Measure, MeasureFigures } from '@switchyard/shared/contracts/evaluation/releases.ts';
import type { WorkflowRecord } from '../../store/collections.ts';
import type { ReleaseWatchRecord } from '../../store/evaluation/release-collections.ts';
import type { Notice } from '../alerts/alert-message.ts';

/* What an automatic rollback says: names, versions, and figures, never a value of a run (S65). */

const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  failures: 'Failed runs',
  slow: 'Runs slower than the stable version’s p95',
  cost: 'Runs that cost more than the stable version’s p95',
  score: 'Points lost, by feedback',
  corrected: 'Runs corrected by reviewers',
};

const percent = (share: number | null): string => `${((share ?? 0) * 100).toFixed(1)}%`;

/** The figures that decided, in one sentence. */
export function decisionText(
  { measure, canary, stable, difference, lower, margin }: MeasureFigures,
  versions: { readonly canary: number; readonly stable: number },
): string {
  const points = (share: number | null): string => `${((share ?? 0) * 100).toFixed(1)} points`;
  return (
    `${MEASURE_WORDS[measure]}: ${percent(canary.mean)} on v${versions.canary} (${canary.runs} runs), ${percent(stable.mean)} on v${versions.stable} (${stable.runs} runs). ` +
    `The difference is ${points(difference)}, at least ${points(lower)}, and the margin is ${points(margin)}.`
  );
}

/** `address` is the base of links. */
export function rollbackNotice(
  { id, figures, decided, updatedAt }: ReleaseWatchRecord,
  workflow: Pick<WorkflowRecord, 'id' | 'name'>,
  address: string,
): Notice | undefined {
  if (!figures || !decided) return undefined;
  const { canary, stable } = figures;
  const text = decisionText(decided, { canary, stable });
  const url = `${address}/workflows/${workflow.id}/release`;
  return {
    id: `rollback_${id.replace(':', '_')}`,
    subject: `v${canary} of “${workflow.name}” was rolled back`,
    text: `v${canary} of “${workflow.name}” was rolled back automatically. v${stable} takes all live runs.\n\n${text}\n\nRuns in flight stay on v${canary}. Cancel or rerun them here: ${url}`,
    event: {
      type: 'release.rolled-back',
      timestamp: updatedAt,
      data: {
        workflow: { id: workflow.id, name: workflow.name, url },
        from: canary,
        to: stable,
        measure: decided.measure,
        canary: decided.canary,
        stable: decided.stable,
        difference: decided.difference,
        lower: decided.lower,
        margin: decided.margin,
      },
    },
  };
}
