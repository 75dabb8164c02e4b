/**
 * What must be gone when the process is: done once, by whoever calls what this yields, or at the
 * very end, however that comes about.
 *
 * @param clean synchronous, since nothing is waited for at the end
 */
export function atExit(clean: () => void): () => void {
  let isClean = false;
  const once = () => {
    if (isClean) return;
    isClean = true;
    clean();
  };
  process.once('exit', once);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1));
  }
  return once;
}
