import type { RouteFiguresView, TargetPlace } from '@switchyard/shared/contracts/routes.ts';
import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';
import { isSameModel } from '@switchyard/shared/model/target-copy.ts';

type InProgress = RouteFiguresView['inProgress'];

/** What calls in progress are doing at one target. */
export interface LiveTarget {
  /** The number of calls that it is answering. */
  readonly calls: number;
  /** When the shown call arrived here. */
  readonly since?: string;
  /** Why the shown call moved on from here. Undefined for a condition that didn’t hold. */
  readonly passed?: { readonly reason: string | undefined };
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** An error code in words. */
export const reasonText = (reason: string): string => (isErrorCode(reason) ? ERRORS[reason].title : reason);

/** Undefined if no call in progress has reached the target. */
export function liveAt({ targets, call }: InProgress, target: TargetPlace): LiveTarget | undefined {
  const isIt = (other: TargetPlace) => isSameModel(other, target) && other.copy === target.copy;
  const calls = targets.find(isIt)?.calls ?? 0;
  const passed = call?.passed.findLast(isIt);
  const here = call?.at && isIt(call.at) ? call.at : undefined;
  if (calls === 0 && !passed) return undefined;
  return {
    calls,
    ...(here && { since: here.since }),
    ...(passed && !here && { passed: { reason: passed.reason === 'left-out' ? undefined : reasonText(passed.reason) } }),
  };
}
