/** The open rubric, or `new`, and the dataset whose judged outputs it is tried on. */
export interface RubricsSearch {
  readonly rubric?: string;
  readonly dataset?: string;
}

const text = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value));

export function readRubricsSearch(raw: Record<string, unknown>): RubricsSearch {
  const [rubric, dataset] = [text(raw.rubric), text(raw.dataset)];
  return { ...(rubric !== undefined && { rubric }), ...(dataset !== undefined && { dataset }) };
}
