/** Runs that someone started to try a workflow, and those that are played again. */
const NOT_LIVE: ReadonlySet<string> = new Set(['canvas', 'test-webhook', 'experiment', 'replay']);

/** Whether a run is live (S85): of a published version, and neither tried out, nor replayed, nor part of an experiment. */
export const isLiveRun = ({ version, trigger }: { readonly version: string | number; readonly trigger: string }): boolean =>
  version !== 'draft' && !NOT_LIVE.has(trigger);
