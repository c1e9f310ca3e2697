import { expect, test } from 'vitest'
import { findBatch } from './find-batch.ts'

const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'
const other = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const at = '2026-11-22T08:00:00.000Z'

type Listed = { id: string; status: string; requestCounts?: { total: number; completed: number } }
type Page = { batches: Listed[]; nextCursor?: string }

/** Searches pages of batches, whose results have the ids of some requests. */
function search(
  pageOf: (cursor: string | undefined) => Page,
  idsByBatch: Record<string, string[]> = {},
): ReturnType<typeof findBatch> {
  const sdk = {
    async experimental_listBatches({ cursor }: { cursor?: string }): Promise<unknown> {
      const { batches, nextCursor } = pageOf(cursor)
      return { batches: batches.map((each) => ({ createdAt: at, ...each })), nextCursor }
    },
    async *experimental_getBatchResults({ batch }: { batch: { id: string } }): AsyncGenerator {
      for (const id of idsByBatch[batch.id] ?? []) yield { id }
    },
  }
  const signal = new AbortController().signal
  return findBatch(
    { uuid, at },
    {
      sdk: sdk as never,
      provider: {} as never,
      api: 'google.batch',
      headers: {},
      call: async (work) => work(signal),
      signal,
    },
  )
}

const done = (id: string, completed = 1): Listed => ({
  id,
  status: 'completed',
  requestCounts: { total: 1, completed },
})

test.each<[string, Page[]]>([
  ['an empty page in between', [{ batches: [] }, { batches: [done('mine')] }]],
  [
    'several empty pages',
    [{ batches: [done('other')] }, { batches: [] }, { batches: [] }, { batches: [done('mine')] }],
  ],
  ['full pages before', [{ batches: [done('other')] }, { batches: [done('mine')] }]],
])('finds a batch behind %s', async (_, pages) => {
  const found = search(
    (cursor) => {
      const index = Number(cursor ?? 0)
      const isLast = index + 1 === pages.length
      return { ...pages[index]!, ...(isLast ? {} : { nextCursor: String(index + 1) }) }
    },
    { mine: [`a-1-${uuid}`], other: [`a-1-${other}`] },
  )
  expect(await found).toMatchObject({ id: 'mine', isFinished: true })
})

test('ends with a server whose pages never end', async () => {
  let pages = 0
  const found = search((cursor) => {
    pages++
    return { batches: [], nextCursor: `${cursor ?? ''}x` }
  })
  await expect(found).rejects.toMatchObject({ code: 'provider/bad-answer' })
  expect(pages).toBeLessThan(1000)
})

test.each<[string, Listed, string[], unknown]>([
  ['has pictures that are not there yet', done('mine'), [], 'batch/unclear'],
  ['is pending', { id: 'mine', status: 'pending' }, [], 'batch/unclear'],
  ['ended without any picture', done('mine', 0), [], undefined],
  ['is another one', done('mine'), [`a-1-${other}`], undefined],
])('does not take a batch for one that was never created if it %s', async (_, batch, ids, code) => {
  const found = search(() => ({ batches: [batch] }), { mine: ids })
  if (code === undefined) expect(await found).toBeUndefined()
  else await expect(found).rejects.toMatchObject({ code })
})
