/** Names of everything that is kept of the server's answers, so that a change can drop what it made old. */
export const keys = {
  workflows: ['workflows'] as const,
  workflow: (id: string) => ['workflow', id] as const,
  versions: (id: string) => ['workflow', id, 'versions'] as const,
  webhook: (id: string) => ['workflow', id, 'webhook'] as const,
  deliveries: (id: string) => ['workflow', id, 'deliveries'] as const,
  runs: ['runs'] as const,
  run: (id: string) => ['run', id] as const,
  runGraph: (id: string) => ['run', id, 'graph'] as const,
  runEvents: (id: string) => ['run', id, 'events'] as const,
  runBlob: (id: string, hash: string) => ['run', id, 'blob', hash] as const,
  templates: ['templates'] as const,
  connections: ['connections'] as const,
  discovered: ['discovered'] as const,
  routes: ['routes'] as const,
  nodeTypes: ['node-types'] as const,
  health: ['health'] as const,
};
