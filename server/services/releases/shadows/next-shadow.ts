import type { putRelease as putContract } from '@switchyard/shared/contracts/evaluation/releases.ts';
import type { z } from 'zod';
import type { VersionRecord, WorkflowRecord } from '../../../store/collections.ts';
import type { ShadowSetting } from '../../../store/evaluation/release-collections.ts';
import { actorOf } from '../../caller.ts';
import { type ServiceContext, timestamp } from '../../context.ts';
import { newId } from '../../ids.ts';

type Body = Pick<z.output<(typeof putContract)['body']>, 'versions' | 'shadowLimits'>;

const USUAL_LIMITS = { maxCostMicros: 100_000, budgetMicros: 10_000_000 };

/**
 * The shadow of a release as it is asked for: none, the same with another percentage, or a new one. Undefined if there was none. `found` are the
 * records of the versions.
 */
export function nextShadow(
  context: ServiceContext,
  { shadow: before }: Pick<WorkflowRecord, 'shadow'>,
  { versions, shadowLimits }: Body,
  found: readonly VersionRecord[],
): ShadowSetting | undefined {
  const wanted = versions.find(({ shadow = 0 }) => shadow > 0);
  const record = found.find(({ number }) => number === wanted?.version);
  const at = timestamp(context);
  if (!wanted?.shadow || !record) return before?.status === 'running' ? { ...before, status: 'cancelled', endedAt: at } : undefined;
  const percent = wanted.shadow;
  const limits = shadowLimits ?? before ?? USUAL_LIMITS;
  const isSame = before?.maxCostMicros === limits.maxCostMicros && before.budgetMicros === limits.budgetMicros && before.version === wanted.version;
  if (before?.status === 'running' && isSame) return { ...before, percent };
  return {
    id: newId('replay', context.now()),
    version: wanted.version,
    graphHash: record.graphHash,
    percent,
    maxCostMicros: limits.maxCostMicros,
    budgetMicros: limits.budgetMicros,
    status: 'running',
    since: at,
    endedAt: null,
    actor: actorOf(context.caller),
  };
}
