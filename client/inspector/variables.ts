type Variables = Readonly<Record<string, unknown>>;

/** The variables with one renamed in its place. */
export const renamed = (vars: Variables, from: string, to: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(vars).map(([name, value]) => [name === from ? to : name, value]));

export const without = (vars: Variables, name: string): Record<string, unknown> => Object.fromEntries(Object.entries(vars).filter(([other]) => other !== name));

/** Why a name cannot be given to a variable; undefined when it can. */
export function variableRefusal(vars: Variables, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'A name begins with a letter and has only letters, digits and _';
  return Object.hasOwn(vars, name) ? `There is a variable ${name} already` : undefined;
}

/** A name that no variable has yet. */
export function freeVariable(vars: Variables): string {
  let name = 'name';
  for (let number = 2; Object.hasOwn(vars, name); number++) name = `name${number}`;
  return name;
}
