import { type Draw, type DrawnSize, measureDrawing } from './measure-drawing.ts'
import { parseSvg, SVG } from './parse-svg.ts'
import type { Pixels } from './pixels.ts'
import { renderApart } from './render-svg.ts'
import { escapeXml, formatSafeAttributes, formatSafeChildren } from './sanitize-svg.ts'
import { readSvgSize, readViewBox, type Size, type ViewBox, wholeSize } from './svg-size.ts'

/** An SVG that can be drawn at every size. */
export type Vector = Size & {
  /**
   * Draws the SVG, or a part of it, at exactly a size. Scripts and links are removed. Text is drawn
   * with the fonts of this machine.
   *
   * @param options.region the part, in px of the SVG's own size. Default: all of it
   * @throws LimnError `picture/unreadable`
   */
  render(size: Size, options?: { region?: ViewBox | undefined }): Promise<Pixels>
  /** The attributes of the root that give the file this size, if its own ones do not. */
  readonly missingAttributes: Readonly<Record<string, string>>
}

/**
 * Opens an SVG. Its size is that of its drawing if the file does not state one.
 *
 * @throws LimnError `picture/unreadable` if it is no SVG, or cannot be drawn
 */
export async function openVector(bytes: Uint8Array): Promise<Vector> {
  const { root } = parseSvg(bytes)
  const draw = createDrawing({
    attributes: formatSafeAttributes(root, REPLACED),
    style: root.attributes['style'] ?? '',
    children: formatSafeChildren(root),
    preserveAspectRatio: root.attributes['preserveAspectRatio'],
  })
  const size = readSvgSize(root.attributes) ?? { ...(await measureDrawing(draw)), isStated: false }
  const whole = wholeSize(size)
  return {
    ...whole,
    render: async (target, { region = { x: 0, y: 0, ...whole } } = {}) =>
      draw(size, {
        target,
        region: {
          x: (region.x * size.width) / whole.width,
          y: (region.y * size.height) / whole.height,
          width: (region.width * size.width) / whole.width,
          height: (region.height * size.height) / whole.height,
        },
      }),
    missingAttributes: missingAttributes(root.attributes['viewBox'], { size, whole }),
  }
}

/** Attributes of the root that a drawing replaces. */
const REPLACED = ['x', 'y', 'width', 'height', 'viewBox', 'style', 'preserveAspectRatio']

/** Resolution at which the units in an SVG have their lengths in CSS, dpi. */
const CSS_DPI = 96
/** Resolution at which the renderer draws one px as one px, dpi. */
const RENDERER_DPI = 72

/** Creates the function that draws an SVG: within another one, which selects the region. */
function createDrawing({
  attributes,
  style,
  children,
  preserveAspectRatio,
}: {
  attributes: string
  style: string
  children: string
  preserveAspectRatio: string | undefined
}): Draw {
  return async ({ width, height, viewBox }, { target, region }) => {
    const scale = RENDERER_DPI / CSS_DPI
    const outer = [
      `xmlns="${SVG}"`,
      ...sizeAttributes({ width: target.width * scale, height: target.height * scale }, ''),
      `viewBox="${formatBox(region)}" preserveAspectRatio="none"`,
    ]
    const inner = [
      attributes,
      ...sizeAttributes({ width, height }, style),
      `viewBox="${formatBox(viewBox)}"`,
      ...(preserveAspectRatio === undefined
        ? []
        : [`preserveAspectRatio="${escapeXml(preserveAspectRatio)}"`]),
    ]
    const svg = `<svg ${outer.join(' ')}><svg ${inner.join(' ')}>${children}</svg></svg>`
    return renderApart({ bytes: Buffer.from(svg), density: CSS_DPI })
  }
}

/** Returns a size as attributes and as a style, because a style sheet in the SVG may set another. */
function sizeAttributes({ width, height }: Size, style: string): string[] {
  const own = style === '' ? '' : `${style.replace(/;?\s*$/, '')};`
  return [
    `width="${width}" height="${height}"`,
    `style="${escapeXml(own)}width:${width}px!important;height:${height}px!important"`,
  ]
}

function formatBox({ x, y, width, height }: ViewBox): string {
  return [x, y, width, height].join(' ')
}

/** Returns the attributes without which the file would have another size, or would not scale. */
function missingAttributes(
  viewBox: string | undefined,
  { size, whole }: { size: DrawnSize & { isStated: boolean }; whole: Size },
): Record<string, string> {
  const lacksBox = readViewBox(viewBox) === undefined
  const isSameSize =
    Math.abs(size.width - whole.width) < 1 && Math.abs(size.height - whole.height) < 1
  return {
    ...(isSameSize && !(lacksBox && !size.isStated)
      ? {}
      : { width: String(whole.width), height: String(whole.height) }),
    ...(lacksBox ? { viewBox: formatBox(size.viewBox) } : {}),
  }
}

/** Long edge of an SVG that is drawn for no certain size, px. */
const LARGE_EDGE = 2048

/** Draws an SVG large enough for a model to see its details. */
export function drawLarge(vector: Vector, longEdge: number = LARGE_EDGE): Promise<Pixels> {
  const scale = longEdge / Math.max(vector.width, vector.height)
  return vector.render({
    width: Math.max(1, Math.round(vector.width * scale)),
    height: Math.max(1, Math.round(vector.height * scale)),
  })
}
