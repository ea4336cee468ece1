/** A node of an n8n file. */
export const n8nNode = (name: string, type: string, parameters: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  id: name,
  name,
  type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
  typeVersion: 1,
  position: [0, 0],
  parameters,
  ...more,
});

type Target = string | readonly [string, number];

/** Connections of an n8n file: for each node, the targets of each output. */
export const n8nConnections = (from: Readonly<Record<string, readonly (readonly Target[])[]>>) =>
  Object.fromEntries(
    Object.entries(from).map(([name, outputs]) => [
      name,
      {
        main: outputs.map((targets) =>
          targets.map((target) => ({ node: typeof target === 'string' ? target : target[0], type: 'main', index: typeof target === 'string' ? 0 : target[1] })),
        ),
      },
    ]),
  );
