import type { ToConnect } from '@switchyard/shared/sharing/to-connect.ts';

const NOUNS: Readonly<Record<ToConnect['kind'], readonly [one: string, many: string]>> = {
  secret: ['secret', 'secrets'],
  connection: ['connection', 'connections'],
  route: ['model route', 'model routes'],
  'node-type': ['unknown node type', 'unknown kinds of step'],
};

/** “2 secrets, 1 connection”; empty when there is none of these kinds. */
export function countNeeds(needs: readonly ToConnect[], kinds: readonly ToConnect['kind'][]): string {
  const counted = kinds.map((kind) => [needs.filter((need) => need.kind === kind).length, NOUNS[kind]] as const);
  return counted
    .filter(([count]) => count > 0)
    .map(([count, [one, many]]) => `${count} ${count === 1 ? one : many}`)
    .join(', ');
}

/** What is to be done about it, in one sentence. */
export function needAdvice({ kind, steps }: ToConnect): string {
  if (kind === 'connection') return 'Choose a connection of your own in the step; add it under Models first.';
  if (kind === 'secret') return steps.length === 0 ? 'Put in your own under Variables of the workflow.' : 'Put in your own, or use a connection instead.';
  return kind === 'route'
    ? 'Add a model route of this name under Models, or choose another in the step.'
    : 'This kind of step is not known here: replace it, or update Switchyard.';
}
