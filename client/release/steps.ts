/** The steps of a release, in percent of live runs. */
export const STEPS = [5, 25, 100] as const;

/** The step after a weight. */
export const nextStep = (weight: number): number => STEPS.find((step) => step > weight) ?? 100;
