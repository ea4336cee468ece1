/* Output of commands. */

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const fail = (line: string): never => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};
