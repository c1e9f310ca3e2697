import type { DrawAnswer, DrawOrder } from './pictures/worker.ts'
import type { Drawing } from './plan/planned.ts'

/** Draws in a worker, one picture after the other, and keeps what it drew last. */
export type Artist = {
  /** Draws these pictures next, in this order, and drops whatever else was to be drawn. */
  draw(drawings: readonly Drawing[]): void
  /** Returns the address of a picture that is drawn. */
  urlOf(drawing: Drawing): string | undefined
  close(): void
}

type ArtistOptions = {
  /** Longest edge of a picture, px. */
  maxEdge: number
  onDrawn: () => void
  /** Creates the worker. */
  start: () => ArtistWorker
}

/** The part of a worker that an artist uses. */
export type ArtistWorker = Pick<Worker, 'postMessage' | 'terminate'> & {
  addEventListener(type: 'message', listener: (event: { data: DrawAnswer }) => void): void
}

/** Number of pictures that are kept for undo, in addition to those on the page. */
const KEPT = 48

export function createArtist({ maxEdge, onDrawn, start }: ArtistOptions): Artist {
  /** Pictures by drawing, the one that was wanted last at the end; `null` if drawing failed. */
  const urls = new Map<string, string | null>()
  let wanted: string[] = []
  let worker: ArtistWorker | undefined
  let current: string | undefined

  const next = (): void => {
    current = wanted.find((key) => !urls.has(key))
    if (current === undefined) return
    worker ??= listen(start())
    const order: DrawOrder = { drawing: JSON.parse(current) as Drawing, maxEdge }
    worker.postMessage(order)
  }

  const listen = (started: ArtistWorker): ArtistWorker => {
    started.addEventListener('message', ({ data }) => {
      if (started !== worker || current === undefined) return
      const url =
        'png' in data ? URL.createObjectURL(new Blob([data.png], { type: 'image/png' })) : null
      urls.set(current, url)
      onDrawn()
      next()
    })
    return started
  }

  const stop = (): void => {
    worker?.terminate()
    worker = undefined
    current = undefined
  }

  /** Forgets the pictures that were wanted longest ago. */
  const forget = (): void => {
    const old = [...urls].filter(([key]) => !wanted.includes(key))
    for (const [key, url] of old.slice(0, Math.max(0, old.length - KEPT))) {
      if (url !== null) URL.revokeObjectURL(url)
      urls.delete(key)
    }
  }

  return {
    draw(drawings) {
      wanted = [...new Set(drawings.map((drawing) => JSON.stringify(drawing)))]
      for (const key of wanted.filter((each) => urls.has(each))) {
        const url = urls.get(key)!
        urls.delete(key)
        urls.set(key, url)
      }
      forget()
      if (current !== undefined && !wanted.includes(current)) stop()
      if (current === undefined) next()
    },
    urlOf: (drawing) => urls.get(JSON.stringify(drawing)) ?? undefined,
    close() {
      stop()
      for (const url of urls.values()) if (url !== null) URL.revokeObjectURL(url)
      urls.clear()
    },
  }
}
