import * as contracts from '@switchyard/shared/contracts/state/tables.ts';
import * as rows from '../../services/tables/stored-rows.ts';
import * as tables from '../../services/tables/tables.ts';
import { type Api, FileStream } from '../register.ts';

/** Tables and their rows. */
export const tableRoutes = (api: Api): void => {
  api.register(contracts.listTables, async ({ context }) => ({ items: await tables.listTables(context) }));
  api.register(contracts.createTable, ({ context, body }) => tables.createTable(context, body));
  api.register(contracts.getTable, ({ context, params }) => tables.getTable(context, params.id));
  api.register(contracts.updateTable, ({ context, params, body }) => tables.updateTable(context, params.id, body));
  api.register(contracts.deleteTable, ({ context, params }) => tables.deleteTable(context, params.id));
  api.register(contracts.addColumn, ({ context, params, body }) => tables.addColumn(context, params.id, body));
  api.register(contracts.renameColumn, ({ context, params, body }) => tables.renameColumn(context, params.id, params.column, body.name));
  api.register(contracts.removeColumn, ({ context, params }) => tables.removeColumn(context, params.id, params.column));
  api.register(contracts.findTableRows, ({ context, params, body }) => rows.findTableRows(context, params.id, body));
  api.register(contracts.addTableRow, ({ context, params, body }) => rows.addTableRow(context, params.id, body));
  api.register(contracts.updateTableRow, ({ context, params, body }) => rows.updateTableRow(context, params.id, params.row, body.cells));
  api.register(contracts.deleteTableRows, ({ context, params, body }) => rows.deleteTableRows(context, params.id, body.ids));
  api.register(contracts.clearTable, ({ context, params, body }) => rows.clearTable(context, params.id, body));
  api.register(contracts.importTableRows, ({ context, params, body }) => rows.importTableRows(context, params.id, body));
  api.register(contracts.exportTable, async ({ context, params, query }) => {
    const { name, parts } = await rows.exportTable(context, params.id, query);
    return new FileStream(`${name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')}.csv`, 'text/csv; charset=utf-8', parts());
  });
};
