import { type FakePicture, payFor } from './pay.ts'

/** A batch that is finished as soon as it is created. */
type FakeBatch = { uuid: string; results: string }

/** The batches that a server has, by id. */
export type FakeBatches = ReadonlyMap<string, FakeBatch>

/** A Batch API in memory. */
export type BatchServer = {
  batches: FakeBatches
  /** Answers a call; `undefined` if it is none of the Batch API. */
  answer(url: URL, init: RequestInit | undefined): Promise<Response | undefined>
}

type Line = { custom_id: string; body: { prompt: string; n?: number } }

/** Creates a Batch API. `onPaid` is called for each picture of a batch when the batch is created. */
export function createBatchServer(onPaid: (picture: FakePicture) => void): BatchServer {
  const files = new Map<string, string>()
  const server: BatchServer = {
    batches: new Map(),
    async answer(url, init) {
      const path = url.pathname.replace('/v1', '')
      const [, kind, id] = path.split('/')
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
      if (id !== undefined) return Response.json(shown(id, server.batches.get(id)!))
      if (init?.method?.toUpperCase() === 'POST') {
        const order = JSON.parse(String(init.body)) as {
          input_file_id: string
          metadata: { limn: string }
        }
        const batch = {
          uuid: order.metadata.limn,
          results: await resultsOf(files.get(order.input_file_id)!, onPaid),
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

function shown(id: string, { uuid, results }: FakeBatch): object {
  const total = results.split('\n').length
  return {
    id,
    object: 'batch',
    status: 'completed',
    metadata: { limn: uuid },
    output_file_id: `results-${id}`,
    request_counts: { total, completed: total, failed: 0 },
  }
}

async function resultsOf(text: string, onPaid: (picture: FakePicture) => void): Promise<string> {
  const results: string[] = []
  for (const line of text.trim().split('\n')) {
    const { custom_id, body } = JSON.parse(line) as Line
    const { pictures, answer } = await payFor(body, { discount: 0.5 })
    for (const picture of pictures) onPaid(picture)
    results.push(JSON.stringify({ custom_id, response: { status_code: 200, body: answer } }))
  }
  return results.join('\n')
}
