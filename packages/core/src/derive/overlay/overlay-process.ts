import { process } from '../../disk/node-builtins.ts'
import { fitText, layOutCard, type MeasureText } from './card-layout.ts'
import type { Card } from './card.ts'
import type { FontFile } from './read-fonts.ts'
import { type Engine, loadEngine, type MeasuredNode, type Renderer } from './renderer.ts'

/*
 * Draws overlays in a process of its own, which `draw-overlay.ts` starts and ends: a template can
 * take forever or all memory. The process is given every byte that it needs.
 */

/** Input of the process. */
export type OverlayOrder = {
  fonts: FontFile[]
  content:
    | { kind: 'card'; card: Card }
    | { kind: 'template'; html: string; images: { src: string; data: Uint8Array }[] }
  /** px */
  width: number
  height: number
  lang: string | null
  /** The most memory that the process may use, bytes. */
  memoryLimit: number
}

/** Output of the process: RGBA pixels, or what went wrong. */
export type OverlayResult =
  | { pixels: Uint8Array }
  | { failure: 'not-installed' | 'too-long' | 'memory' }
  | { failure: 'engine'; message: string }

/** How often the memory of the process is measured, ms. */
const MEASURE_INTERVAL = 50
/** Renderers that are kept with their fonts. */
const MAX_RENDERERS = 8

type ReadyRenderer = { renderer: Renderer; families: string[] }

let loading: Promise<Engine> | undefined
const rendererByFonts = new Map<string, Promise<ReadyRenderer>>()

process.on('message', (order: OverlayOrder) => {
  void draw(order).then((result) => process.send?.(result))
})

async function draw(order: OverlayOrder): Promise<OverlayResult> {
  const measuring = setInterval(() => {
    if (process.memoryUsage.rss() > order.memoryLimit) giveUp()
  }, MEASURE_INTERVAL)
  try {
    const engine = await (loading ??= loadEngine())
    const ready = await findRenderer(engine, order.fonts)
    const pixels = await drawWith(ready, engine, order)
    return pixels === undefined ? { failure: 'too-long' } : { pixels }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ERR_MODULE_NOT_FOUND'
      ? { failure: 'not-installed' }
      : { failure: 'engine', message: String(message) }
  } finally {
    clearInterval(measuring)
  }
}

async function drawWith(
  { renderer, families }: ReadyRenderer,
  engine: Engine,
  { content, width, height, lang }: OverlayOrder,
): Promise<Uint8Array | undefined> {
  const shared = {
    width,
    ...(families.length === 0 ? {} : { fontFamilies: families }),
    ...(lang === null ? {} : { lang }),
  }
  const options = { ...shared, height, format: 'raw' as const }
  if (content.kind === 'template') {
    const { node, css } = engine.parseHtml(content.html)
    return renderer.render(node, { ...options, images: content.images, css })
  }
  const { card } = content
  const measure: MeasureText = async (node) =>
    sizeOfText(
      await renderer.measure(
        {
          type: 'container',
          style: { display: 'flex', flexDirection: 'column', width: card.box.width },
          children: [node],
        },
        { ...shared, width: Math.ceil(card.box.width) },
      ),
    )
  const fitted = await fitText(card, { width, height }, measure)
  if (fitted === undefined) return undefined
  return renderer.render(layOutCard(card, { width, height }, fitted), options)
}

/** Returns the width of the longest line of the only text of a layout, and the height of all, px. */
function sizeOfText(layout: MeasuredNode): { width: number; height: number } {
  const text = layout.children[0]!
  const lines = new Map<number, { from: number; to: number }>()
  for (const { x, y, width } of runsOf(text)) {
    const line = lines.get(Math.round(y)) ?? { from: x, to: x }
    lines.set(Math.round(y), { from: Math.min(line.from, x), to: Math.max(line.to, x + width) })
  }
  return {
    width: Math.max(0, ...[...lines.values()].map(({ from, to }) => to - from)),
    height: text.height,
  }
}

function runsOf({ runs, children }: MeasuredNode): MeasuredNode['runs'] {
  return [...runs, ...children.flatMap(runsOf)]
}

/** Returns a renderer with some fonts. The last ones that were used are kept. */
function findRenderer(engine: Engine, fonts: readonly FontFile[]): Promise<ReadyRenderer> {
  const key = fonts.map((font) => font.key).join(' ')
  const ready = rendererByFonts.get(key) ?? createRenderer(engine, fonts)
  rendererByFonts.delete(key)
  rendererByFonts.set(key, ready)
  const [oldest] = rendererByFonts.keys()
  if (rendererByFonts.size > MAX_RENDERERS && oldest !== undefined) rendererByFonts.delete(oldest)
  return ready
}

async function createRenderer(engine: Engine, fonts: readonly FontFile[]): Promise<ReadyRenderer> {
  const renderer = engine.createRenderer()
  const families = new Set<string>()
  for (const { key: _, ...font } of fonts) {
    for (const { name } of await renderer.registerFont(font)) families.add(name)
  }
  return { renderer, families: [...families] }
}

/** Reports that an overlay needs too much memory, and ends the process: nothing else frees it. */
function giveUp(): void {
  const result: OverlayResult = { failure: 'memory' }
  process.send?.(result, () => process.kill(process.pid, 'SIGKILL'))
}

// Ctrl-C goes to this process too, but Limn still stores the pictures that it has received.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// An exit would wait for the overlay that is being drawn.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
