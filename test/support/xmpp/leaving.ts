const works = new Set<() => void>();

/** Runs `work` when this process ends, unless the returned function is called before. One listener for all: there may be many. */
export function atExit(work: () => void): () => void {
  if (works.size === 0) process.on('exit', leave);
  works.add(work);
  return () => {
    works.delete(work);
    if (works.size === 0) process.off('exit', leave);
  };
}

function leave(): void {
  for (const work of works) work();
}
