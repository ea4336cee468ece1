import * as contracts from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { countOpenRuns } from '../../services/kill-switches/abort-runs.ts';
import * as killSwitches from '../../services/kill-switches/kill-switches.ts';
import { Answer, type Api, reasonIn } from '../register.ts';

/** Kill switches. */
export const killSwitchRoutes = (api: Api): void => {
  api.register(contracts.listKillSwitches, ({ context, query }) => killSwitches.listKillSwitches(context, query));
  api.register(contracts.createKillSwitch, async ({ context, body }) => {
    const { killSwitch, existing } = await killSwitches.createKillSwitch(context, body);
    return new Answer(existing ? 200 : 201, killSwitch);
  });
  api.register(contracts.countOpenRuns, ({ context, query: { kind, id = '' } }) => countOpenRuns(context.store, { kind, id }, contracts.MOST_COUNTED_RUNS));
  api.register(contracts.deleteKillSwitch, ({ context, params, ...given }) => killSwitches.deleteKillSwitch(context, params.id, reasonIn(given)));
};
