/*
 * Measures the contact sheet's grid in Chromium, with a made-up project:
 *
 *     node bench/scripts/measure-sheet.ts ASSETS RUNS
 *
 * Prints JSON with one value per run: time until the first picture is shown (ms), the longest frame
 * while scrolling through the whole grid (ms), the longest task of the page's main thread meanwhile
 * (ms of processor time), and the heap of the page after that (MB).
 *
 * A frame takes as long as a person waits for it, so it includes the time in which other programs
 * have the processor: it says something about the page only on a quiet machine. The processor time
 * of a task is the page's own: script, style, layout, paint and garbage collection.
 */
import { launchBrowser } from '../../fixtures/browser.ts'
import { buildPage } from '../../packages/contact-sheet/e2e/build-page.ts'
import { startFakeServer } from '../../packages/contact-sheet/e2e/fake-server.ts'

type Browser = Awaited<ReturnType<typeof launchBrowser>>

const [assets = '10000', runs = '5'] = process.argv.slice(2)

/** Runs in the page from its start: a promise of the time when the first picture is painted. */
const watchFirstPaint = `
  window.firstPaint = new Promise((resolve) => {
    const wait = () => {
      const image = document.querySelector('.card img')
      if (image && image.complete && image.naturalWidth > 0)
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
      else requestAnimationFrame(wait)
    }
    requestAnimationFrame(wait)
  })
`

/**
 * Runs in the page: scrolls through the grid, 400 px in each frame, which is fast for a wheel, and
 * then in leaps, as with the scroll bar. Returns the longest time between two frames, ms.
 */
const scrollThrough = `(async () => {
  const scroller = document.querySelector('.grid-scroller')
  const frame = () => new Promise(requestAnimationFrame)
  let [longest, last] = [0, await frame()]
  for (let step = 0; step < 400; step += 1) {
    if (step < 300) scroller.scrollTop += 400
    else if (step % 5 === 0) scroller.scrollTop = scroller.scrollHeight * ((step * 37) % 100) / 100
    const now = await frame()
    longest = Math.max(longest, now - last)
    last = now
  }
  return longest
})()`

await buildPage()
await using server = await startFakeServer({ assets: Number(assets) })
const browser = await launchBrowser()
const results: Record<'firstPaint' | 'frame' | 'task' | 'heap', number[]> = {
  firstPaint: [],
  frame: [],
  task: [],
  heap: [],
}
try {
  await measure(browser)
  for (let run = 0; run < Number(runs); run++) {
    const measured = await measure(browser)
    for (const name of ['firstPaint', 'frame', 'task', 'heap'] as const) {
      results[name].push(measured[name])
    }
  }
} finally {
  await browser.close()
}
process.stdout.write(`${JSON.stringify(results)}\n`)

async function measure(browser: Browser): Promise<Record<keyof typeof results, number>> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(watchFirstPaint)
    await page.goto(server.url)
    const firstPaint = await page.evaluate<number>('window.firstPaint')
    await browser.startTracing(page, { categories: ['toplevel'] })
    const frame = await page.evaluate<number>(scrollThrough)
    const task = longestTask(await browser.stopTracing())
    const session = await context.newCDPSession(page)
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    return { firstPaint, frame, task, heap: usedSize / 1e6 }
  } finally {
    await context.close()
  }
}

/** What a trace says of one task or thread. Times are in µs; `tdur` is processor time. */
type TraceEvent = { pid: number; tid: number; name: string; tdur?: number; args: { name?: string } }

/** Returns the processor time of the longest task on the busiest main thread of a page, ms. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const mains = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(threadOf)
  const tasks = traceEvents.filter(({ name }) => name === 'ThreadControllerImpl::RunTask')
  const timesOf = (thread: string): number[] =>
    tasks.filter((task) => threadOf(task) === thread).map(({ tdur = 0 }) => tdur / 1000)
  const [busiest = []] = mains.map(timesOf).toSorted((a, b) => sum(b) - sum(a))
  return busiest.reduce((longest, time) => Math.max(longest, time), 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
