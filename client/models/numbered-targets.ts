import { type RouteTarget, routeTargetSchema } from '@switchyard/shared/contracts/routes.ts';
import { z } from 'zod';

/** A target with a number of its own, which keeps form fields with their target when the order changes. */
export interface NumberedTarget {
  readonly key: string;
  readonly target: RouteTarget;
}
export const numbered = (target: RouteTarget): NumberedTarget => ({ key: crypto.randomUUID(), target });
export const emptyTarget = (): RouteTarget => ({ connectionId: '', model: '' });

/** Less strict than the server: a stored target is never dropped because it can’t be saved yet. */
export const typedTargetSchema = routeTargetSchema.extend({ model: z.string(), when: z.string().optional() });
const typedTargets = z.array(typedTargetSchema).min(1);

/** Targets from stored text, complete or not. Undefined if there are none. */
export function readTargets(text: string | undefined): readonly RouteTarget[] | undefined {
  try {
    return typedTargets.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
