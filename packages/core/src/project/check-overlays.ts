import { notInstalled } from '../derive/overlay/not-installed.ts'
import { readFonts } from '../derive/overlay/read-fonts.ts'
import { visibleText } from '../derive/overlay/visible-text.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { Asset } from '../manifest/manifest.ts'

/**
 * Finds the overlays of some assets whose fonts can't be used, or lack a character.
 *
 * @param root of the project, absolute
 * @throws LimnError `overlay/not-installed`
 */
export function findOverlayMistakes(assets: readonly Asset[], root: string): Diagnostic[] {
  requireInstalled()
  return assets.flatMap((asset) => {
    const messages = new Map<string, Diagnostic>()
    for (const { overlay } of asset.outputs) {
      if (overlay === undefined) continue
      const text = overlay.text ?? visibleText(overlay.html ?? '')
      try {
        readFonts(overlay, { root, text })
      } catch (error) {
        if (!(error instanceof LimnError)) throw error
        messages.set(error.message, toDiagnostic(error, asset))
      }
    }
    return [...messages.values()]
  })
}

function requireInstalled(): void {
  try {
    import.meta.resolve('takumi-js')
  } catch {
    throw notInstalled()
  }
}

function toDiagnostic({ message, hint }: LimnError, { name, place }: Asset): Diagnostic {
  return {
    code: 'manifest/overlay',
    severity: 'error',
    message: `The overlay of "${name}" can't be drawn: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    ...(hint === undefined ? {} : { hint }),
    place,
  }
}
