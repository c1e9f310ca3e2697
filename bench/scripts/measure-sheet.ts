/*
 * Measures the contact sheet's grid in Chromium, with a made-up project:
 *
 *     node bench/scripts/measure-sheet.ts ASSETS RUNS
 *
 * Prints JSON with one value per run: time until the first picture is shown (ms), the longest frame
 * while scrolling through the whole grid (ms), and the heap of the page after that (MB).
 */
import { launchBrowser } from '../../fixtures/browser.ts'
import { buildPage } from '../../packages/contact-sheet/e2e/build-page.ts'
import { startFakeServer } from '../../packages/contact-sheet/e2e/fake-server.ts'

type Browser = Awaited<ReturnType<typeof launchBrowser>>

const [assets = '10000', runs = '5'] = process.argv.slice(2)

/** Runs in the page from its start: notes when the first picture is painted. */
const watchFirstPaint = `
  const wait = () => {
    const image = document.querySelector('.card img')
    if (image && image.complete && image.naturalWidth > 0)
      requestAnimationFrame(() => setTimeout(() => { window.firstPaint = performance.now() }))
    else requestAnimationFrame(wait)
  }
  requestAnimationFrame(wait)
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
const results: Record<'firstPaint' | 'frame' | 'heap', number[]> = {
  firstPaint: [],
  frame: [],
  heap: [],
}
try {
  await measure(browser)
  for (let run = 0; run < Number(runs); run++) {
    const { firstPaint, frame, heap } = await measure(browser)
    results.firstPaint.push(firstPaint)
    results.frame.push(frame)
    results.heap.push(heap)
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
    await page.waitForFunction('window.firstPaint !== undefined')
    const firstPaint = await page.evaluate<number>('window.firstPaint')
    const frame = await page.evaluate<number>(scrollThrough)
    const session = await context.newCDPSession(page)
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    return { firstPaint, frame, heap: usedSize / 1e6 }
  } finally {
    await context.close()
  }
}
