import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { parseSize } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { programUrl } from '../../program-file.ts'
import { type ImageProvider, ProviderError } from '../provider.ts'
import type { DrawOrder, DrawResult } from './worker.ts'

/**
 * Creates the local provider: offline, free, the same bytes on every machine. It draws on worker
 * threads, which start with the first request.
 *
 * @param root folder of the manifest, absolute; a font that is installed there is used
 * @param threads number of worker threads; default one per core
 */
export function createLocalProvider(
  root: string,
  threads: number = availableParallelism(),
): ImageProvider {
  const pool = createPool(root)
  return {
    concurrency: threads,
    async generate(request, { signal, inputs = [], count = 1 }) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'The run was stopped before the picture was drawn.')
      }
      const order = await createOrder(request, inputs)
      const images: Uint8Array[] = []
      for (let index = 0; index < count; index++) {
        images.push(await pool.draw({ ...order, variant: (order.variant ?? 0) + index }))
      }
      return { images, revisedPrompts: images.map(() => undefined) }
    },
    close: pool.close,
  }
}

type WorkerPool = {
  /** Draws on an idle worker, or on a new one. @throws ProviderError */
  draw(order: DrawOrder): Promise<Uint8Array>
  close(): Promise<void>
}

function createPool(root: string): WorkerPool {
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const acquire = (): Worker => {
    const worker =
      idle.pop() ?? new Worker(programUrl('providers/local/worker'), { workerData: root })
    all.add(worker)
    worker.ref()
    return worker
  }
  return {
    async draw(order) {
      const worker = acquire()
      try {
        const bytes = await draw(worker, order)
        // An idle thread must not keep the process alive.
        worker.unref()
        idle.push(worker)
        return bytes
      } catch (error) {
        all.delete(worker)
        await worker.terminate()
        throw error
      }
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()))
      all.clear()
      idle.length = 0
    },
  }
}

/**
 * Translates a request for the painter: an edit keeps the composition of its picture, a variation
 * composes the same prompt differently, and references are ignored.
 */
async function createOrder(
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
        new ProviderError('provider/server', 'The local provider failed to generate the picture.', {
          hint: 'Report this bug in Limn together with the prompt.',
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
