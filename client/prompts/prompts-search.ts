/** The open prompt, and its displayed version. Without a version, the page shows the working copy. */
export interface PromptsSearch {
  readonly prompt?: string;
  readonly version?: number;
}

/** Reads the URL and ignores invalid values. */
export function readPromptsSearch(raw: Record<string, unknown>): PromptsSearch {
  const prompt = raw.prompt === undefined || raw.prompt === '' ? undefined : String(raw.prompt);
  const version = Number(raw.version);
  return { ...(prompt !== undefined && { prompt }), ...(prompt !== undefined && Number.isInteger(version) && version > 0 && { version }) };
}
