import type { JSX } from 'preact'
import type { AssetView, SheetOutput } from '../../../protocol.ts'
import { urlOfOutput } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { groupByPreset, type Shown } from '../contexts.ts'
import { formatBytes } from '../format.ts'
import { OutputPicture } from '../output-picture.tsx'
import { SafeArea } from '../safe-area.tsx'

/** Every output at its true aspect ratio, by preset. */
export function OutputsStage({ view }: { view: AssetView }): JSX.Element {
  const text = useText().asset.outputs
  const groups = groupByPreset(view.outputs)
  if (groups.length === 0) return <p class="quiet stage-empty">{text.none}</p>
  return (
    <>
      <SafeAreaSwitch view={view} />
      <ul class="outputs">
        {groups.map((group) => (
          <PresetCard key={group.preset} view={view} group={group} />
        ))}
      </ul>
    </>
  )
}

/** Shows or hides the safe areas, where there are any. */
export function SafeAreaSwitch({ view }: { view: AssetView }): JSX.Element | null {
  const { showsSafeAreas } = useStore().assetPage
  const text = useText().asset.outputs
  if (!view.outputs.some(({ safeArea }) => safeArea !== null)) return null
  return (
    <label class="switch">
      <input
        class="check"
        type="checkbox"
        checked={showsSafeAreas.value}
        onChange={(event) => (showsSafeAreas.value = event.currentTarget.checked)}
      />
      {text.safeAreas}
    </label>
  )
}

function PresetCard({ view, group }: { view: AssetView; group: Shown }): JSX.Element {
  const { showsSafeAreas } = useStore().assetPage
  const text = useText().asset.outputs
  const { preset, best, files } = group
  return (
    <li class="preset-card" style={{ '--ratio': String(best.width / best.height) }}>
      <div class="preset-picture" style={{ aspectRatio: `${best.width} / ${best.height}` }}>
        <OutputPicture view={view} output={best} />
        {showsSafeAreas.value ? <SafeArea output={best} /> : null}
      </div>
      <h2>{preset}</h2>
      <p class="quiet">
        {`${best.width} × ${best.height}, ${text.crop(best.fit, best.position)}, ${text.files(files.length)}`}
      </p>
      <ul class="preset-files">
        {files.map((file) => (
          <FileLine
            key={file.file}
            view={view}
            output={file}
            hasOwnSize={file.width !== best.width}
          />
        ))}
      </ul>
    </li>
  )
}

type FileLineProps = { view: AssetView; output: SheetOutput; hasOwnSize: boolean }

function FileLine({ view, output, hasOwnSize }: FileLineProps): JSX.Element {
  const { connection, preferences } = useStore()
  const text = useText().asset.outputs
  const url = urlOfOutput(connection, view.asset.name, output)
  const size = `${output.width} × ${output.height}`
  return (
    <li>
      {url === null ? (
        <span class="file-name">{output.file}</span>
      ) : (
        <a
          class="file-name"
          href={url}
          target="_blank"
          rel="noreferrer"
          title={text.open(output.file)}
        >
          {output.file}
        </a>
      )}
      {hasOwnSize ? <span class="quiet">{size}</span> : null}
      <span class="quiet file-bytes">
        {output.bytes === null
          ? text.notDerived
          : formatBytes(output.bytes, preferences.language.value)}
      </span>
    </li>
  )
}
