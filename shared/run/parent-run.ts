/** What a child run knows of its parent. */
export interface ParentRun {
  readonly runId: string;
  readonly stepId: string;
  /** The wait that the end of the child ends. Null if the parent doesn’t wait. */
  readonly waitId: string | null;
  /** The outermost run. */
  readonly rootId: string;
  /** 1 in a run that a run without a parent started. */
  readonly depth: number;
  /** How many runs it may start in the items of its lists. Absent in runs of earlier versions. */
  readonly room?: number;
  /** `<workflowId>:<version>` of the outermost run, which the cost of all counts for; empty if it isn’t live. Absent in earlier runs. */
  readonly costOf?: string;
  /** The header of the request that started the outermost run: all belong to its trace (S87). */
  readonly traceparent?: string;
}
