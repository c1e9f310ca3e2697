import { posix } from 'node:path'
import type { Atlas } from '../../derive/atlas/draw-atlas.ts'
import type { AtlasSettings } from '../../manifest/manifest.ts'

/** What the JSON of an atlas says about how Limn made it. */
export type AtlasStamp = {
  /** Hash of the pictures and settings. */
  recipe: string
  /** SHA-256 of the picture, and of the stylesheet if there is one. */
  digests: string[]
}

/** Start of the stamp in `meta.smartupdate`, where TexturePacker has its own. */
const STAMP = '$Limn:'

/** Renders the JSON of an atlas in the hash format of TexturePacker. */
export function renderAtlasJson(
  { width, height, frames }: Atlas,
  { file }: AtlasSettings,
  { recipe, digests }: AtlasStamp,
): string {
  const entries = frames.map(({ name, frame, spriteSourceSize, sourceSize }) => {
    const trimmed = frame.w !== sourceSize.w || frame.h !== sourceSize.h
    return [name, { frame, rotated: false, trimmed, spriteSourceSize, sourceSize }] as const
  })
  const meta = {
    app: 'Limn',
    version: '1.0',
    image: posix.basename(file),
    format: 'RGBA8888',
    size: { w: width, h: height },
    scale: '1',
    smartupdate: `${STAMP}${[recipe, ...digests].join(':')}$`,
  }
  return `${JSON.stringify({ frames: Object.fromEntries(entries), meta }, null, 2)}\n`
}

/** Reads the stamp of an atlas; `undefined` if Limn did not write the text. */
export function readAtlasStamp(text: string): AtlasStamp | undefined {
  const match = /"smartupdate": "\$Limn:([0-9a-f:]+)\$"/.exec(text)
  const [recipe, ...digests] = match?.[1]?.split(':') ?? []
  return recipe === undefined ? undefined : { recipe, digests }
}

/** First line of the stylesheets that Limn writes. */
const CSS_HEADER = '/* Written by Limn: changes here are lost. */'

/** Whether Limn wrote a stylesheet. */
export function isAtlasCss(text: string): boolean {
  return text.startsWith(CSS_HEADER)
}

/** Renders a class for each picture of an atlas: `.sprites-icons-mail`. */
export function renderAtlasCss({ width, height, frames }: Atlas, settings: AtlasSettings): string {
  const { name, file } = settings
  const url = `${encodeURI(posix.basename(file))}`
  const rules = frames.map(({ name: picture, frame: { x, y, w, h } }) => {
    const shift = `${x === 0 ? 0 : `-${x}px`} ${y === 0 ? 0 : `-${y}px`}`
    return `.${name}-${picture.replaceAll('/', '-')} {\n  width: ${w}px;\n  height: ${h}px;\n  background-position: ${shift};\n}\n`
  })
  const shared = `[class^='${name}-'],\n[class*=' ${name}-'] {\n  display: inline-block;\n  background-image: url('${url}');\n  background-repeat: no-repeat;\n  background-size: ${width}px ${height}px;\n}\n`
  return [CSS_HEADER, shared, ...rules].join('\n')
}
