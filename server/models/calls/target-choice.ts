import { hash, randomUUID } from 'node:crypto';
import type { RouteSettings, RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import { createScope, type Scope } from '@switchyard/shared/expression/create-scope.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';

/*
 * Which targets a call tries, and in which order (S54). Invariants:
 * 1. The same route, sticky key, targets, and weights give the same order. Changing one target's weight moves only calls to or from it.
 * 2. Over many keys, a target comes first in proportion to its weight, also among those that are left once others were left out.
 * 3. A condition is evaluated when its target’s turn comes, because the time left changes.
 */

/** The properties of a call that expressions of a route read. */
export interface CallFacts {
  /** Labels of the run. */
  readonly labels: Readonly<Record<string, string>>;
  /** Characters of the messages. */
  readonly size: number;
  /** Attempt of the step, from 1. */
  readonly attempt: number;
  /** Milliseconds until the step times out. A day if it doesn’t. */
  msLeft(): number;
}

export interface TargetChoice {
  /** All targets, in the order to try them. */
  readonly targets: readonly RouteTarget[];
  /** Why the sticky key had no value, so the call was drawn on its own. */
  readonly stickyFault: string | undefined;
  /** Why a target is left out now. Undefined if it may be tried. */
  leftOut(target: RouteTarget): string | undefined;
}

type Choosing = Pick<RouteSettings, 'targets' | 'order' | 'stickyKey'> & { readonly name: string };

export function chooseTargets(route: Choosing, facts: CallFacts): TargetChoice {
  const evaluate = evaluator(facts);
  const { key, fault } = route.order === 'weights' ? stickyValue(route.stickyKey, evaluate) : { key: '', fault: undefined };
  return {
    targets: route.order === 'weights' ? orderByWeight(route.targets, `${route.name}\n${key}`) : route.targets,
    stickyFault: fault,
    leftOut: ({ when }) => {
      if (when === undefined) return undefined;
      try {
        const value = evaluate(when);
        if (value === true) return undefined;
        return value === false
          ? 'The condition is not met.'
          : `The condition must evaluate to true or false, but evaluated to ${JSON.stringify(value)?.slice(0, 100)}.`;
      } catch (thrown) {
        return toAppError(thrown).message;
      }
    },
  };
}

/** Evaluates expressions of one call. Together they share the work limit of one step (S25). */
function evaluator(facts: CallFacts): (source: string) => unknown {
  let meter: Scope['meter'] | undefined;
  return (source) => {
    const { labels, size, attempt } = facts;
    const scope = createScope({ labels, size, attempt, msLeft: facts.msLeft() } as unknown as ScopeData);
    meter ??= scope.meter;
    return compileCel(source).evaluate({ ...scope, meter });
  };
}

function stickyValue(source: string | null, evaluate: (source: string) => unknown): { key: string; fault: string | undefined } {
  if (source === null) return { key: randomUUID(), fault: undefined };
  try {
    const value = evaluate(source);
    if ((typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean') return { key: String(value), fault: undefined };
    return { key: randomUUID(), fault: `The sticky key evaluated to ${JSON.stringify(value)?.slice(0, 100)}.` };
  } catch (thrown) {
    return { key: randomUUID(), fault: toAppError(thrown).message };
  }
}

/** Orders each group of neighboring targets with a weight. Targets without one keep their place. */
function orderByWeight(targets: readonly RouteTarget[], key: string): RouteTarget[] {
  const ordered: RouteTarget[] = [];
  let group: RouteTarget[] = [];
  for (const target of targets) {
    if (target.weight !== undefined) {
      group.push(target);
      continue;
    }
    ordered.push(...drawn(group, key), target);
    group = [];
  }
  return [...ordered, ...drawn(group, key)];
}

/**
 * Weighted rendezvous hashing: each target gets a pseudorandom time from an exponential distribution with its weight as the rate, and the
 * earliest comes first. A weight of 0 comes last.
 */
function drawn(group: readonly RouteTarget[], key: string): RouteTarget[] {
  const seen = new Map<string, number>();
  const timed = group.map((target) => {
    const name = `${target.connectionId}\n${target.model}`;
    const copy = (seen.get(name) ?? 0) + 1;
    seen.set(name, copy);
    return { target, time: -Math.log(fraction(`${key}\n${name}\n${copy}`)) / (target.weight ?? 0) };
  });
  return timed.sort((one, two) => (one.time < two.time ? -1 : one.time > two.time ? 1 : 0)).map(({ target }) => target);
}

/** A number above 0 and below 1, evenly distributed over texts. */
const fraction = (text: string): number => (hash('sha256', text, 'buffer').readUIntBE(0, 6) + 0.5) / 2 ** 48;
