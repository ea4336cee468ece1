import { createDatabases, type DatabaseEgress } from '../data-servers/databases/databases.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { Connections } from '../services/models/connections.ts';

/** Statements to the databases of connections, through the egress. */
export function databasePort(connections: Pick<Connections, 'databaseOf'>, egress: DatabaseEgress): EnginePorts['database'] {
  const ask = createDatabases(egress);
  return async (request, { workspaceId, signal }) => ask(await connections.databaseOf(workspaceId, request.connectionId), request, signal);
}
