import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ImageRequest } from '../../identity/request.ts'
import { parseSize } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { type ImageProvider, ProviderError } from '../provider.ts'
import type { DrawOrder, DrawResult } from './worker.ts'

/** The worker beside this file, as source or as built. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
)

/**
 * The embedded provider: offline, free, the same bytes on every machine. It draws on worker
 * threads, one a core, started when the first picture is asked for.
 */
export function createLocalProvider(threads: number = availableParallelism()): ImageProvider {
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const take = (): Worker => {
    const worker = idle.pop() ?? new Worker(workerUrl)
    all.add(worker)
    worker.ref()
    return worker
  }
  const giveBack = (worker: Worker): void => {
    // An idle thread must not keep the process alive.
    worker.unref()
    idle.push(worker)
  }
  const drawOn = async (worker: Worker, order: DrawOrder): Promise<Uint8Array> => {
    try {
      const bytes = await draw(worker, order)
      giveBack(worker)
      return bytes
    } catch (error) {
      all.delete(worker)
      await worker.terminate()
      throw error
    }
  }
  return {
    concurrency: threads,
    async generate(request, { signal, inputs = [], count = 1 }) {
      signal?.throwIfAborted()
      const order = await orderOf(request, inputs)
      const images: Uint8Array[] = []
      for (let index = 0; index < count; index++) {
        images.push(await drawOn(take(), { ...order, variant: (order.variant ?? 0) + index }))
      }
      return { images, revisedPrompts: images.map(() => undefined) }
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()))
      all.clear()
      idle.length = 0
    },
  }
}

/**
 * What to draw: an edit keeps its picture's composition; a variation is the same prompt composed
 * anew; references are not looked at.
 */
async function orderOf(
  { operation, prompt, size, background }: ImageRequest,
  inputs: readonly InputPicture[],
): Promise<DrawOrder> {
  const order: DrawOrder = {
    prompt,
    ...parseSize(size)!,
    transparent: background === 'transparent',
  }
  if (operation === 'variation') return { ...order, variant: 1 }
  const [base, mask] = await Promise.all([
    pixelsOf(inputs.find(({ role }) => role === 'image')),
    pixelsOf(inputs.find(({ role }) => role === 'mask')),
  ])
  return {
    ...order,
    ...(base === undefined ? {} : { base }),
    ...(mask === undefined ? {} : { mask }),
  }
}

async function pixelsOf(input: InputPicture | undefined): Promise<DrawOrder['base']> {
  if (input === undefined) return undefined
  const { decodeRgba } = await import('../../pictures/decode.ts')
  return decodeRgba(input.bytes)
}

function draw(worker: Worker, order: DrawOrder): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(
        new ProviderError('provider/server', 'The local provider failed while drawing.', {
          hint: 'This is a bug in Limn: report the prompt.',
          cause: error,
        }),
      )
    }
    const onMessage = (result: DrawResult): void => {
      worker.off('error', fail)
      if ('bytes' in result) resolve(result.bytes)
      else fail(new Error(result.failure))
    }
    worker.once('error', fail)
    worker.once('message', onMessage)
    worker.postMessage(order)
  })
}
