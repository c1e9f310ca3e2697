/** Decides when the pictures of the grid are requested: not while they only scroll by. */
export type PictureLoads = {
  /** Calls `load` when the grid is calm. @returns stops waiting */
  wait(load: () => void): () => void
  /** Notes how far the grid is scrolled, px, and its height in sight, px. */
  scrolled(top: number, height: number): void
  /** Whether the browser has a picture already. It is then shown at once. */
  has(url: string): boolean
  loaded(url: string): void
}

/** How often the speed is measured while pictures wait, ms. */
const INTERVAL = 70
/** Scrolling by more than this share of the height in an interval is too fast to see a picture. */
const FAST = 0.25
/** How long the grid counts as fast after that, ms: leaps of the scroll bar have pauses. */
const REST = 2 * INTERVAL
/** Pictures that are requested together, so that no frame has to start all of them. */
const BATCH = 8
/** Time between two batches, ms: a frame. */
const FRAME = 16

/** Creates the loads of a grid. */
export function createPictureLoads(): PictureLoads {
  const waiting = new Set<() => void>()
  const urls = new Set<string>()
  const place = { top: 0, height: 1, at: -Infinity }
  let measuredTop = 0
  let fastUntil = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      const time = performance.now()
      if (Math.abs(place.top - measuredTop) > place.height * FAST) fastUntil = time + REST
      const isFast = time < fastUntil
      measuredTop = place.top
      if (!isFast) loadBatch()
      if (waiting.size > 0) schedule(isFast ? INTERVAL : FRAME)
    }, ms)
  }

  function loadBatch(): void {
    for (const load of [...waiting].slice(0, BATCH)) {
      waiting.delete(load)
      load()
    }
  }

  return {
    wait(load) {
      waiting.add(load)
      const isStill = performance.now() - place.at > INTERVAL
      if (isStill) measuredTop = place.top
      schedule(isStill ? 0 : INTERVAL)
      return () => void waiting.delete(load)
    },
    scrolled(top, height) {
      Object.assign(place, { top, height, at: performance.now() })
    },
    has: (url) => urls.has(url),
    loaded: (url) => void urls.add(url),
  }
}
