import type { JSX } from 'preact'
import type { AssetView, SheetOutput } from '../../../protocol.ts'
import { urlsOfAsset } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { cropAround, type Focus, focusOfPosition } from './crop.ts'

/** One crop for every shape that the outputs have. */
export function Crops({ view, focus }: { view: AssetView; focus: Focus | null }): JSX.Element {
  const text = useText().actions.focus
  const cropped = shapesOf(view.outputs)
  return (
    <section aria-label={text.previews}>
      <h3>{text.previews}</h3>
      {cropped.length === 0 ? <p class="quiet">{text.noCrops}</p> : null}
      <ul class="crops">
        {cropped.map((output) => (
          <li key={output.preset}>
            <Crop view={view} output={output} focus={focus} />
            <span>{output.preset}</span>
            <span class="quiet">{`${output.width} × ${output.height}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The largest cropped output of every preset. */
function shapesOf(outputs: readonly SheetOutput[]): SheetOutput[] {
  const byPreset = new Map<string, SheetOutput>()
  for (const output of outputs) {
    const known = byPreset.get(output.preset)
    if (output.fit === 'cover' && (known === undefined || known.width < output.width)) {
      byPreset.set(output.preset, output)
    }
  }
  return [...byPreset.values()]
}

function Crop({
  view,
  output,
  focus,
}: {
  view: AssetView
  output: SheetOutput
  focus: Focus | null
}): JSX.Element {
  const { connection } = useStore()
  const master = { width: view.asset.width, height: view.asset.height }
  const place = focus ?? focusOfPosition(output.position)
  const { best, small } = urlsOfAsset(connection, view.asset)
  const { file, version } = output
  // A crop that the server found is shown as it derived it.
  if (place === undefined) {
    const url = connection.urlOf({ kind: 'output', asset: view.asset.name, file, version })
    return <img class="crop" src={url ?? small ?? ''} alt="" />
  }
  const region = cropAround(master, output, place)
  return (
    <span class="crop" style={{ aspectRatio: `${output.width} / ${output.height}` }}>
      <img
        src={best ?? small ?? ''}
        alt=""
        style={{
          width: `${(master.width / region.width) * 100}%`,
          height: `${(master.height / region.height) * 100}%`,
          left: `${(-region.left / region.width) * 100}%`,
          top: `${(-region.top / region.height) * 100}%`,
        }}
      />
    </span>
  )
}
