import type { ToConnect } from '@switchyard/shared/sharing/to-connect.ts';

const NOUNS: Readonly<Record<ToConnect['kind'], readonly [one: string, many: string]>> = {
  secret: ['secret', 'secrets'],
  connection: ['connection', 'connections'],
  route: ['model route', 'model routes'],
  prompt: ['prompt', 'prompts'],
  'node-type': ['unknown node type', 'unknown node types'],
};

/** “2 secrets, 1 connection”, or an empty string if there are none of these kinds. */
export function countNeeds(needs: readonly ToConnect[], kinds: readonly ToConnect['kind'][]): string {
  const counted = kinds.map((kind) => [needs.filter((need) => need.kind === kind).length, NOUNS[kind]] as const);
  return counted
    .filter(([count]) => count > 0)
    .map(([count, [one, many]]) => `${count} ${count === 1 ? one : many}`)
    .join(', ');
}

/** What to do about it, in one sentence. */
export function needAdvice({ kind, steps }: ToConnect): string {
  if (kind === 'connection') return 'Choose one of your connections in the node, or add one under Models.';
  if (kind === 'secret') return steps.length === 0 ? 'Enter your own under Variables.' : 'Enter your own, or use a connection.';
  if (kind === 'prompt') return 'Create it under Prompts, or choose another in the node.';
  return kind === 'route' ? 'Add a route with this name under Models, or choose another in the node.' : 'Unknown node type. Replace it, or update Switchyard.';
}
