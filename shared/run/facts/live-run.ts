import { hasStandIns } from '../../evaluation/stand-ins.ts';

/** Runs that someone started to try a workflow. */
const TRIED_OUT: ReadonlySet<string> = new Set(['canvas', 'test-webhook']);

/** Whether a run is live (S85): of a published version, and neither tried out, nor replayed, nor a shadow run, nor part of an experiment. */
export const isLiveRun = ({ version, trigger }: { readonly version: string | number; readonly trigger: string }): boolean =>
  version !== 'draft' && !TRIED_OUT.has(trigger) && !hasStandIns(trigger);
