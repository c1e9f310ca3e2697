import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { AssetView, SheetOutput } from '../../protocol.ts'
import { urlOfOutput, urlsOfAsset } from '../store/picture-url.ts'
import { useStore } from '../store/store.ts'

type OutputPictureProps = {
  view: AssetView
  output: SheetOutput
  /** `eager` for what is seen at once. */
  loading?: 'lazy' | 'eager'
}

/**
 * An output as a place shows it: the file itself, or what it will be, cut from the master by the
 * browser, while it is not derived or if the browser cannot show its format.
 */
export function OutputPicture({ view, output, loading = 'lazy' }: OutputPictureProps): JSX.Element {
  const { connection } = useStore()
  const { best, small } = urlsOfAsset(connection, view.asset)
  const urls = [urlOfOutput(connection, view.asset.name, output), best, small].filter(
    (url) => url !== null,
  )
  const index = useSignal(0)
  useEffect(() => {
    index.value = 0
  }, [urls.join(' ')])
  const isFile =
    urls[index.value] !== undefined && urls[index.value] !== best && urls[index.value] !== small
  return (
    <img
      class="output-picture"
      src={urls[index.value] ?? ''}
      alt={view.asset.alt}
      width={output.width}
      height={output.height}
      loading={loading}
      draggable={false}
      style={isFile ? undefined : { objectFit: fitOf(output), objectPosition: positionOf(output) }}
      onError={() => {
        if (index.value < urls.length - 1) index.value += 1
      }}
    />
  )
}

function fitOf({ fit }: SheetOutput): string {
  return fit === 'cover' ? 'cover' : 'contain'
}

/** `object-position` of a named position. `attention` is in the middle until the server decides. */
function positionOf({ position }: SheetOutput): string {
  if (position.includes('%')) return position
  const sides = position.split('-').filter((side) => /^(?:top|right|bottom|left)$/.test(side))
  return sides.length === 0 ? 'center' : sides.join(' ')
}
