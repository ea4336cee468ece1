const LABELS: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/zip': 'ZIP',
  'application/json': 'JSON',
  'application/xml': 'XML',
  'application/octet-stream': 'Binary file',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PowerPoint',
  'text/plain': 'Text',
  'text/html': 'HTML',
  'text/markdown': 'Markdown',
};

/** A media type in a word. */
export const typeLabel = (type: string): string =>
  LABELS[type] ??
  (type.split('/').at(-1) ?? type)
    .replace(/^(?:x-|vnd\.)/, '')
    .replace(/\+.*$/, '')
    .toUpperCase();
