import type { KillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { useKillSwitches } from '../../api/kill-switch-queries.ts';
import { KillStrip } from '../../kill-switches/kill-strip.tsx';

/** Whether a kill switch rejects calls to a target. */
export const stopsTarget = ({ scope: { kind, id } }: Pick<KillSwitch, 'scope'>, { connectionId, model }: RouteTarget): boolean =>
  (kind === 'connection' && id === connectionId) || (kind === 'model' && id === model);

/** The active kill switches that stop the whole route. */
export function RouteStops({ name }: { name: string }) {
  const { data = [] } = useKillSwitches();
  return (
    <div role="status">
      {data
        .filter(({ scope: { kind, id } }) => kind === 'workspace' || (kind === 'route' && id === name))
        .map((one) => (
          <KillStrip key={one.id} killSwitch={one} />
        ))}
    </div>
  );
}
