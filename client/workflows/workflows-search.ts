/** The filter in the URL of the list: `?tag=…`. */
export interface WorkflowsSearch {
  readonly tag?: string;
}

/** Reads the filter from a URL. Ignores what isn’t one. */
export const readWorkflowsSearch = ({ tag }: Readonly<Record<string, unknown>>): WorkflowsSearch => (typeof tag === 'string' && tag !== '' ? { tag } : {});
