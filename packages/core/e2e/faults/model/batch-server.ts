import { type FakePicture, payFor } from './pay.ts'

/** A batch. Its results are complete as soon as it is created, or cancelled. */
type FakeBatch = {
  uuid: string
  status: 'completed' | 'in_progress' | 'cancelled'
  results: string
}

/** The batches that a server has, by id. */
export type FakeBatches = ReadonlyMap<string, FakeBatch>

/** A Batch API in memory. */
export type BatchServer = {
  batches: FakeBatches
  /** Whether new batches stay in progress, with their first request done, until they are cancelled. */
  isSlow: boolean
  /** Answers a call; `undefined` if it is none of the Batch API. */
  answer(url: URL, init: RequestInit | undefined): Promise<Response | undefined>
}

type Line = { custom_id: string; body: { prompt: string; n?: number } }

/** Creates a Batch API. `onPaid` is called for each picture of a batch when the batch is created. */
export function createBatchServer(onPaid: (picture: FakePicture) => void): BatchServer {
  const files = new Map<string, string>()
  const server: BatchServer = {
    batches: new Map(),
    isSlow: false,
    async answer(url, init) {
      const path = url.pathname.replace('/v1', '')
      const [, kind, id, action] = path.split('/')
      if (kind === 'files' && init?.method?.toUpperCase() === 'POST') {
        const file = (init.body as FormData).get('file') as File
        const created = `file-${files.size}`
        files.set(created, await file.text())
        return Response.json({ id: created, object: 'file' })
      }
      if (kind === 'files') {
        return new Response(server.batches.get(id!.replace('results-', ''))?.results)
      }
      if (kind !== 'batches') return undefined
      if (id !== undefined) {
        const batch = server.batches.get(id)
        if (batch === undefined) {
          return Response.json({ error: { message: 'none' } }, { status: 404 })
        }
        if (action !== 'cancel') return Response.json(shown(id, batch))
        const next = { ...batch, status: 'cancelled' as const }
        server.batches = new Map([...server.batches, [id, next]])
        return Response.json(shown(id, next))
      }
      if (init?.method?.toUpperCase() === 'POST') {
        const order = JSON.parse(String(init.body)) as {
          input_file_id: string
          metadata: { limn: string }
        }
        const lines = files.get(order.input_file_id)!.trim().split('\n')
        const done = server.isSlow ? 1 : lines.length
        const batch: FakeBatch = {
          uuid: order.metadata.limn,
          status: server.isSlow ? 'in_progress' : 'completed',
          results: await resultsOf(lines, { done, onPaid }),
        }
        const created = `batch-${batch.uuid}`
        server.batches = new Map([...server.batches, [created, batch]])
        return Response.json(shown(created, batch))
      }
      const data = [...server.batches].map(([each, batch]) => shown(each, batch))
      return Response.json({ object: 'list', data, has_more: false })
    },
  }
  return server
}

function shown(id: string, { uuid, status, results }: FakeBatch): object {
  const lines = results.split('\n')
  const failed = lines.filter((line) => line.includes('batch_cancelled')).length
  return {
    id,
    object: 'batch',
    status,
    metadata: { limn: uuid },
    ...(status === 'in_progress' ? {} : { output_file_id: `results-${id}` }),
    request_counts: { total: lines.length, completed: lines.length - failed, failed },
  }
}

/** Answers the first `done` requests of a batch; the others are those that a cancel leaves. */
async function resultsOf(
  lines: readonly string[],
  { done, onPaid }: { done: number; onPaid: (picture: FakePicture) => void },
): Promise<string> {
  const results: string[] = []
  for (const [index, line] of lines.entries()) {
    const { custom_id, body } = JSON.parse(line) as Line
    if (index >= done) {
      results.push(JSON.stringify({ custom_id, error: { code: 'batch_cancelled' } }))
      continue
    }
    const { pictures, answer } = await payFor(body, { discount: 0.5 })
    for (const picture of pictures) onPaid(picture)
    results.push(JSON.stringify({ custom_id, response: { status_code: 200, body: answer } }))
  }
  return results.join('\n')
}
