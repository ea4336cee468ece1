type Variables = Readonly<Record<string, unknown>>;

/** The variables with one renamed in place. */
export const renamed = (vars: Variables, from: string, to: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(vars).map(([name, value]) => [name === from ? to : name, value]));

export const without = (vars: Variables, name: string): Record<string, unknown> => Object.fromEntries(Object.entries(vars).filter(([other]) => other !== name));

/** Why a variable can’t have this name, or undefined if it can. */
export function variableRefusal(vars: Variables, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'Names start with a letter and contain only letters, digits, and _';
  return Object.hasOwn(vars, name) ? `A variable named “${name}” already exists` : undefined;
}

/** An unused variable name. */
export function freeVariable(vars: Variables): string {
  let name = 'name';
  for (let number = 2; Object.hasOwn(vars, name); number++) name = `name${number}`;
  return name;
}
