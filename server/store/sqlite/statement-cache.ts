import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Texts vary with the shape of a query and the fields an update changes: a few hundred in practice. */
const LIMIT = 500;

export type Prepare = (sql: string) => StatementSync;

/** Prepares each statement once. */
export const createStatementCache = (database: DatabaseSync): Prepare => {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= LIMIT) statements.clear();
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
};
