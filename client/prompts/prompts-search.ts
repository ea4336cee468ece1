/** The open prompt, and its displayed version. Without a version, the page shows the working copy. */
export interface PromptsSearch {
  readonly prompt?: string;
  readonly version?: number;
  /** The columns of the comparison (parts/columns.ts), in place of the prompt. */
  readonly compare?: string;
}

/** Reads the URL and ignores invalid values. */
export function readPromptsSearch(raw: Record<string, unknown>): PromptsSearch {
  const prompt = raw.prompt === undefined || raw.prompt === '' ? undefined : String(raw.prompt);
  if (prompt === undefined) return {};
  const version = Number(raw.version);
  return { prompt, ...(Number.isInteger(version) && version > 0 && { version }), ...(typeof raw.compare === 'string' && { compare: raw.compare }) };
}
