/** The CPU time of this thread that a computation takes, in ms. Other processes on a busy machine don't count. */
export function cpuMsOf(compute: () => unknown): number {
  const began = process.threadCpuUsage();
  compute();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}
