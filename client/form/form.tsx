import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { Link } from '@tanstack/react-router';
import { z } from 'zod';
import { useConnections, useRoutes } from '../api/queries.ts';
import { getAt } from '../expressions/field-path.ts';
import { InlineText } from '../ui/inline-text.tsx';
import { Fold } from './fold.tsx';
import classes from './form.module.css';
import { useForm, useFormValue } from './form-context.tsx';
import { FormField } from './form-field.tsx';
import { type FieldModel, type FormRow, formOf, holdsExpressions } from './form-model.ts';
import { RunValues } from './values/run-values.tsx';

const NO_PATH: FieldPath = [];

/**
 * The form of an object schema at a path of the params: rows, then sections and rarely changed fields below folds. The `top` form of a node shows the
 * values of its expressions below the last field with any.
 */
export function Form({ schema, path = NO_PATH, top = false }: { schema: z.ZodObject; path?: FieldPath; top?: boolean }) {
  const { nodeId, params, readOnly } = useForm();
  const form = formOf(schema, getAt(params, path));
  const last = top ? form.rows.findLastIndex((row) => row.fields.some(holdsExpressions)) : -1;
  return (
    <div className={classes.form}>
      <Rows rows={form.rows.slice(0, last + 1)} path={path} />
      {last >= 0 && <RunValues nodeId={nodeId} params={params} readOnly={readOnly} />}
      <Rows rows={form.rows.slice(last + 1)} path={path} />
      {form.sections.map((field) => (
        <Section key={field.name} field={field} path={[...path, field.name]} />
      ))}
      {form.advanced.length > 0 && (
        <Fold title="Advanced" rows={form.advanced} path={path}>
          <Rows rows={form.advanced} path={path} />
        </Fold>
      )}
    </div>
  );
}

/** The form of an object in its own collapsible section. */
function Section({ field, path }: { field: FieldModel; path: FieldPath }) {
  const { params } = useForm();
  if (!(field.schema instanceof z.ZodObject)) return null;
  return (
    <Fold title={field.hints.label} rows={formOf(field.schema, getAt(params, path)).rows} path={path}>
      {field.hints.help && (
        <p className={classes.help}>
          <InlineText text={field.hints.help} />
        </p>
      )}
      <Form schema={field.schema} path={path} />
    </Fold>
  );
}

function Rows({ rows, path }: { rows: readonly FormRow[]; path: FieldPath }) {
  return rows.map((row) => (
    <div key={row.id}>
      <div className={row.fields.length > 1 ? classes.row : classes.single} data-uneven={isUneven(row) || undefined}>
        {row.fields.map((field) => (
          <FormField key={field.name} field={field} path={[...path, field.name]} />
        ))}
      </div>
      {row.fields.map((field) => field.control === 'route' && <RouteNote key={field.name} field={field} path={[...path, field.name]} />)}
    </div>
  ));
}

/** A short choice beside a potentially long text: method and URL. */
const isUneven = ({ fields: [first, second] }: FormRow): boolean => first?.control === 'select' && second?.control === 'text';

/** Whether the route’s first target is the demo model. */
const isDemo = (route: Route, connections: readonly Connection[]): boolean =>
  connections.find((connection) => connection.id === route.targets[0]?.connectionId)?.kind === 'demo';

/** Shown below a route that uses the demo model, across the whole form. */
function RouteNote({ field, path }: { field: FieldModel; path: FieldPath }) {
  const routes = useRoutes();
  const connections = useConnections();
  const [value] = useFormValue(path);
  const route = routes.data?.find((candidate) => candidate.name === (value ?? field.fallback));
  if (!route || !isDemo(route, connections.data ?? [])) return null;
  return (
    <p className={classes.demo}>
      <span className={classes.demoTag}>demo model</span>
      <span>
        Using the demo model until you connect a provider.{' '}
        <Link to="/models" className={classes.link}>
          Add a connection
        </Link>
      </span>
    </p>
  );
}
