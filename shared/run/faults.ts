import { z } from 'zod';

/*
 * Faults that a draft run injects on purpose, to see what a workflow does then (S78a). Nothing is sent for a call with a fault, except that
 * `slow` delays the call.
 */

export const FAULT_KINDS = ['provider-down', 'slow', 'rate-limited', 'nonsense', 'malformed', 'tool-error'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultSchema = z.strictObject({
  nodeKey: z.string().max(100),
  kind: z.enum(FAULT_KINDS),
  /** Only the first attempts of each step fail. Left out, all do. */
  times: z.number().int().min(1).max(100).optional(),
});
export type Fault = z.infer<typeof faultSchema>;

const MODEL_FAULTS: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'tool-error');
const MODEL_NODES = new Set(['prompt', 'classify', 'guardrail']);

/** The faults that a node of this type can have: those of the calls it makes. */
export function faultsOf(nodeType: string): readonly FaultKind[] {
  if (nodeType === 'tool') return FAULT_KINDS;
  return MODEL_NODES.has(nodeType) ? MODEL_FAULTS : [];
}
