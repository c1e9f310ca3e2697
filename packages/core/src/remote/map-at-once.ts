import PQueue from 'p-queue'

/**
 * Calls `work` for every item, some at the same time, and returns the results in order. After a
 * failure nothing more is started, and what is under way is awaited before the error is thrown.
 */
export async function mapAtOnce<T, R>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = new PQueue({ concurrency })
  try {
    return await queue.addAll([...items].map((item) => () => work(item)))
  } finally {
    queue.clear()
    await queue.onIdle()
  }
}
