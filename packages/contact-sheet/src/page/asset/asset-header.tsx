import type { JSX } from 'preact'
import type { AssetView, SheetAsset } from '../../protocol.ts'
import { Icon } from '../controls/icon.tsx'
import { Status } from '../controls/status.tsx'
import { folderOf, statusOf } from '../store/asset-status.ts'
import { formatRoute } from '../store/route.ts'
import { useStore, useText } from '../store/store.ts'
import { ActionBar } from './action-bar.tsx'
import { neighboursOf } from './neighbours.ts'

type AssetHeaderProps = { name: string; asset: SheetAsset | null; view: AssetView | null }

/** Name, state and actions of the asset, and the way to the others. */
export function AssetHeader({ name, asset, view }: AssetHeaderProps): JSX.Element {
  const { canAct, runAssetByName } = useStore()
  const run = runAssetByName.value.get(name)
  const folder = folderOf(name)
  const text = useText()
  const why = run !== undefined ? text.whyInRun(run) : asset === null ? '' : text.why(asset)
  return (
    <header class="asset-header">
      <Way name={name} />
      <div class="asset-title">
        <h1>
          {folder === '' ? null : <span class="folder">{`${folder}/`}</span>}
          {folder === '' ? name : name.slice(folder.length + 1)}
        </h1>
        {asset === null ? null : (
          <p class="asset-state">
            <Status status={statusOf(asset, run)} />
            {why === '' ? null : <span class="quiet">{why}</span>}
          </p>
        )}
      </div>
      {view !== null && canAct.value ? <ActionBar view={view} /> : null}
    </header>
  )
}

/** Back to the grid, and to the asset before and after. */
function Way({ name }: { name: string }): JSX.Element {
  const text = useText().asset
  const { previous, next, index, total } = neighboursOf(name, useStore().grid.order.value)
  return (
    <nav class="asset-way" aria-label={text.way}>
      <a class="button plain" href={formatRoute({ view: 'grid' })}>
        <Icon name="left" />
        {text.back}
      </a>
      <span class="spring" />
      {index === null ? null : (
        <span class="quiet way-position">{text.position(index, total)}</span>
      )}
      <WayLink name={previous} label={text.previous} icon="left" />
      <WayLink name={next} label={text.next} icon="right" />
    </nav>
  )
}

function WayLink({
  name,
  label,
  icon,
}: {
  name: string | null
  label: string
  icon: 'left' | 'right'
}): JSX.Element {
  if (name === null) {
    return (
      <span class="button plain square" aria-disabled="true">
        <Icon name={icon} />
      </span>
    )
  }
  const title = `${label}: ${name}`
  return (
    <a
      class="button plain square"
      href={formatRoute({ view: 'asset', name })}
      aria-label={title}
      title={title}
    >
      <Icon name={icon} />
    </a>
  )
}
