type Variables = Readonly<Record<string, unknown>>;

/** The variables with one renamed in place. */
export const renamed = (vars: Variables, from: string, to: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(vars).map(([name, value]) => [name === from ? to : name, value]));

export const without = (vars: Variables, name: string): Record<string, unknown> => Object.fromEntries(Object.entries(vars).filter(([other]) => other !== name));

/** Why a variable can’t have this name, or undefined if it can. */
export function variableRefusal(vars: Variables, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'A name begins with a letter and has only letters, digits and _';
  return Object.hasOwn(vars, name) ? `There is a variable ${name} already` : undefined;
}

/** An unused variable name. */
export function freeVariable(vars: Variables): string {
  let name = 'name';
  for (let number = 2; Object.hasOwn(vars, name); number++) name = `name${number}`;
  return name;
}
