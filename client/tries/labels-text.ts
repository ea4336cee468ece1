/** Run labels as text: `language: de, channel: chat`. */
export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/** Reads run labels from text. Undefined if a part isn’t a name and a value, or a name occurs twice. */
export function readLabels(text: string): Record<string, string> | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const pairs = parts
    .filter((part) => part !== '')
    .map((part) =>
      part
        .match(/^([^:=]+)[:=](.*)$/)
        ?.slice(1)
        .map((half) => half.trim()),
    );
  const labels: Record<string, string> = {};
  for (const pair of pairs) {
    const [name, value] = pair ?? [];
    if (!name || !value || Object.hasOwn(labels, name)) return undefined;
    labels[name] = value;
  }
  return labels;
}
