/** Whether a trace is exported. `parent`: what the caller decided, if the run is part of its trace. */
export type Sampler = (traceId: string, parent: boolean | undefined) => boolean;

export const SAMPLERS = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;

/** The samplers of OpenTelemetry. All processes and all runs of a trace decide alike. */
export function createSampler(name: (typeof SAMPLERS)[number], ratio: number): Sampler {
  const bound = Math.floor(ratio * 0xffffffff);
  const root = (traceId: string): boolean => {
    if (name.endsWith('traceidratio')) return Number.parseInt(traceId.slice(-8), 16) <= bound && ratio > 0;
    return name.endsWith('always_on');
  };
  return name.startsWith('parentbased_') ? (traceId, parent) => parent ?? root(traceId) : root;
}
