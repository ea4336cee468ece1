import type { RouteFiguresView, TargetPlace } from '@switchyard/shared/contracts/routes.ts';
import type { SpendingCall } from '../spending.ts';

/* Calls in progress by route, in the memory of this process. Each is removed when it ends, so memory is bounded by the open calls. */

export type CallInProgress = NonNullable<RouteFiguresView['inProgress']['call']>;

/** The path of one call down its route. */
export interface OpenCall {
  trying(target: TargetPlace): void;
  /** The call moves on from a target. The reason is an error code, or `left-out` if the condition didn't hold. */
  passed(target: TargetPlace, reason: string): void;
  end(): void;
}

export interface OpenCalls {
  begin(call: Pick<SpendingCall, 'workspaceId' | 'route' | 'place'>): OpenCall;
  ofRoute(route: { readonly workspaceId: string; readonly route: string }): RouteFiguresView['inProgress'];
}

type State = { -readonly [Field in keyof CallInProgress]: CallInProgress[Field] };

export function createOpenCalls(now: () => number): OpenCalls {
  const routes = new Map<string, Set<State>>();
  const keyOf = ({ workspaceId, route }: { workspaceId: string; route: string }): string => JSON.stringify([workspaceId, route]);
  return {
    begin: (call) => {
      const { runId = null, nodeKey = null } = call.place ?? {};
      const state: State = { startedAt: new Date(now()).toISOString(), runId, nodeKey, passed: [], at: null };
      const key = keyOf(call);
      const open = routes.get(key) ?? new Set();
      routes.set(key, open.add(state));
      return {
        trying: (target) => {
          state.at = { ...target, since: new Date(now()).toISOString() };
        },
        passed: (target, reason) => {
          state.at = null;
          state.passed = [...state.passed, { ...target, reason }];
        },
        end: () => {
          open.delete(state);
          if (open.size === 0 && routes.get(key) === open) routes.delete(key);
        },
      };
    },
    ofRoute: (route) => {
      const open = [...(routes.get(keyOf(route)) ?? [])];
      const counts = new Map<string, TargetPlace & { calls: number }>();
      for (const { at } of open) {
        if (!at) continue;
        const { since: _since, ...target } = at;
        const key = JSON.stringify([target.connectionId, target.model, target.copy]);
        counts.set(key, { ...target, calls: (counts.get(key)?.calls ?? 0) + 1 });
      }
      // The oldest one, which stays the same until it ends.
      return { calls: open.length, targets: [...counts.values()], call: open[0] ?? null };
    },
  };
}
