import type { Measure, ReleaseEvent, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';

/** A measure as a row of the page. `stable` is the name of the stable version. */
export const MEASURE_TITLES: Readonly<Record<Measure, (stable: string) => string>> = {
  failures: () => 'Failed',
  slow: (stable) => `Slower than ${stable}’s p95`,
  cost: (stable) => `Costs more than ${stable}’s p95`,
  score: () => 'Points lost, by feedback',
  corrected: () => 'Corrected by reviewers',
};

/** A share as a percentage: `0.4%`. Null: “–”. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)}%`);

/** A difference in percentage points: `+0.1`, `−1.1`. */
export function points(share: number): string {
  const rounded = (share * 100).toFixed(1);
  if (Number(rounded) === 0) return '0';
  const short = rounded.replace(/\.0$/, '');
  return share > 0 ? `+${short}` : short.replace('-', '−');
}

function shadowTitle(before: ReleaseEvent['before'], after: ReleaseEvent['after']): string {
  const [was, is] = [before, after].map((versions) => versions.find(({ shadow = 0 }) => shadow > 0));
  if (is) return `v${is.version} runs in shadow on ${is.shadow}% of live inputs`;
  return was ? `Shadow of v${was.version} ended` : 'Shadow ended';
}

/** The versions to keep in a change of a release: those that take live runs, and the one in shadow. */
export const withShadow = ({ shadow }: Pick<WorkflowRelease, 'shadow'>, versions: WorkflowRelease['versions']): WorkflowRelease['versions'] =>
  shadow?.status === 'running' && !versions.some(({ version }) => version === shadow.version)
    ? [...versions, { version: shadow.version, weight: 0, shadow: shadow.percent }]
    : versions;

/** What a change did, in a line. */
export function eventTitle({ action, before, after, decided }: ReleaseEvent): string {
  const [stable, canary] = after.filter(({ weight }) => weight > 0);
  if (action === 'shadow') return shadowTitle(before, after);
  const lost = before.find(({ version }) => !after.some((one) => one.version === version));
  if (action === 'rollback') {
    if (decided && lost) return `v${lost.version} rolled back automatically`;
    return stable ? `Rolled back to v${stable.version}` : 'Rolled back';
  }
  if (action === 'settings') return 'Rules changed';
  if (action === 'remove-gate') return 'Gate removed';
  if (canary) return `v${canary.version} ${action === 'promote' ? 'promoted' : 'released'} to ${canary.weight}%`;
  if (!stable) return 'Nothing is live';
  return action === 'promote' ? `v${stable.version} promoted to 100%` : `v${stable.version} went live`;
}
