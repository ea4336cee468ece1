import type { ModelCallRecord } from './events.ts';

/** What calls cost in micro-dollars. A call with an attempt on a model without a price counts in `unknownPrice`; `costMicros` is the known part (S62). */
export interface CostSum {
  readonly costMicros: number;
  readonly unknownPrice: number;
}

export const NO_COST: CostSum = { costMicros: 0, unknownPrice: 0 };

export const addCost = (one: CostSum, other: CostSum): CostSum => ({
  costMicros: one.costMicros + other.costMicros,
  unknownPrice: one.unknownPrice + other.unknownPrice,
});

type CostParts = Pick<ModelCallRecord, 'costMicros'> & { readonly attempts: readonly Pick<ModelCallRecord['attempts'][number], 'costMicros'>[] };

/** The cost of a call: null if a model without a price took part. The known part is in its attempts. */
export const costOfCall = ({ costMicros, attempts }: CostParts): CostSum =>
  costMicros === null
    ? { costMicros: attempts.reduce((sum, attempt) => sum + (attempt.costMicros ?? 0), 0), unknownPrice: 1 }
    : { costMicros, unknownPrice: 0 };

/** Both fields as the API shows them: the cost is null if nothing about it is known. Records of earlier versions don't count unknown prices. */
export const shownCost = ({ costMicros, unknownPrice = 0 }: { readonly costMicros: number; readonly unknownPrice?: number | undefined }) => ({
  costMicros: costMicros === 0 && unknownPrice > 0 ? null : costMicros,
  unknownPrice,
});
