/*
 * The part of Takumi that Limn uses. Its own types need those of React.
 */

/** A style with the names of CSS in JavaScript. Numbers are px. */
type Style = Readonly<Record<string, string | number>>

/** A picture of straight RGBA pixels. */
type RgbaPicture = { width: number; height: number; data: Uint8Array }

/** What the renderer lays out and draws. */
export type LayoutNode =
  | { type: 'container'; style: Style; children?: LayoutNode[] }
  | { type: 'text'; text: string; dir?: 'ltr' | 'rtl'; style: Style }
  | { type: 'image'; src: RgbaPicture; style: Style }

/** A node that was laid out, px. */
export type MeasuredNode = {
  width: number
  height: number
  children: MeasuredNode[]
  runs: { text: string; x: number; y: number; width: number; height: number }[]
}

type RenderOptions = {
  width: number
  height?: number
  format?: 'raw'
  images?: { src: string; data: Uint8Array }[]
  css?: unknown[]
  fontFamilies?: string[]
  lang?: string
}

/** Draws nodes with the fonts that were registered. It reads no file and has no network. */
export type Renderer = {
  registerFont(font: {
    name?: string
    data: Uint8Array
    unicodeRange?: [number, number][]
  }): Promise<{ name: string }[]>
  render(node: LayoutNode, options: RenderOptions): Promise<Uint8Array>
  measure(node: LayoutNode, options: RenderOptions): Promise<MeasuredNode>
}

/** Creates renderers without fonts, and reads HTML. */
export type Engine = {
  createRenderer(): Renderer
  parseHtml(html: string): { node: LayoutNode; css: unknown[] }
}

/**
 * Loads Takumi, which the user installs: its native build, or else the one in WebAssembly, which
 * draws the same pixels.
 *
 * @throws the error of Node if it is not installed
 */
export async function loadEngine(): Promise<Engine> {
  const { fromHtml } = await import('takumi-js/helpers/html')
  const Renderer = await loadNative().catch(loadWasm)
  return {
    createRenderer: () => new Renderer(),
    parseHtml: (html) => fromHtml(html) as ReturnType<Engine['parseHtml']>,
  }
}

type RendererClass = new () => Renderer

async function loadNative(): Promise<RendererClass> {
  const native = await import('takumi-js/node')
  return native.Renderer as unknown as RendererClass
}

async function loadWasm(): Promise<RendererClass> {
  const wasm = await import('takumi-js/wasm')
  await wasm.init(wasm.default as never)
  return wasm.Renderer as unknown as RendererClass
}
